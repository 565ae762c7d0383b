import type { Dto } from '../../../uforge/dto.ts';
import { isRecord } from '../../../uforge/isRecord.ts';
import { PlatformError } from '../platformError.ts';
import type { Machines } from '../publisher.ts';
import { AwsClient, itemsOf, regionOf, unlessGone } from './awsClient.ts';

/** What every account may start, and Nitro: the least that an image of the forge has drivers for. */
const defaultType = 't3.micro';

const notFound = 'InvalidInstanceID.NotFound';

/** Instances of EC2. */
export const machines: Machines = {
  async start(context, { request, cloudId, name, instance, token }) {
    const { instanceType = defaultType } = (instance ?? {}) as Dto<'InstanceAmazon'>;
    const { keyPairName = '' } = (context.account ?? {}) as Dto<'CredAccountAws'>;
    const keyName = instance?.sshKeyName ?? keyPairName;
    const client = new AwsClient(context, regionOf(request));
    const { instancesSet } = await client.ec2(
      'RunInstances',
      {
        ...{ ImageId: cloudId, InstanceType: instanceType, MinCount: '1', MaxCount: '1', ClientToken: token },
        ...(keyName !== '' && { KeyName: keyName }),
        'TagSpecification.1.ResourceType': 'instance',
        'TagSpecification.1.Tag.1.Key': 'Name',
        'TagSpecification.1.Tag.1.Value': name,
      },
      `start a machine of ${cloudId}`,
    );
    const id = itemsOf(instancesSet)[0]?.['instanceId'];
    if (typeof id === 'string') return id;
    throw new PlatformError('AWS did not say which machine it has started.');
  },

  async look(context, request, id) {
    const client = new AwsClient(context, regionOf(request));
    const asked = client.ec2('DescribeInstances', { 'InstanceId.1': id }, 'describe the machine');
    const answer = await unlessGone(asked, notFound);
    // What was started a moment ago, not all of EC2 has heard of.
    if (answer === undefined) return { state: 'starting' };
    const { reservationSet } = answer;
    const [found] = itemsOf(itemsOf(reservationSet)[0]?.['instancesSet']);
    const { instanceState, ipAddress, privateIpAddress, stateReason } = found ?? {};
    const state = isRecord(instanceState) ? instanceState['name'] : undefined;
    const address = [ipAddress, privateIpAddress].find((each) => typeof each === 'string' && each !== '');
    const reason = isRecord(stateReason) ? stateReason['message'] : undefined;
    return {
      state: state === 'running' ? 'running' : state === 'pending' ? 'starting' : 'gone',
      ...(typeof address === 'string' && { address }),
      ...(typeof reason === 'string' && { message: reason }),
    };
  },

  async terminate(context, request, id) {
    const client = new AwsClient(context, regionOf(request));
    const ending = client.ec2('TerminateInstances', { 'InstanceId.1': id }, 'end the machine');
    await unlessGone(ending, notFound);
  },
};
