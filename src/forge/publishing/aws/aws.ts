import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { isDiskFile, writeRawDisk } from '../../../builder/index.ts';
import { later } from '../later.ts';
import { PlatformError } from '../platformError.ts';
import { machines } from './machines.ts';
import type { Platform, PlatformContext, PublishWork } from '../publisher.ts';
import { AwsClient, itemsOf, regionOf, unlessGone } from './awsClient.ts';
import { completeSnapshot, putBlocks, startSnapshot } from './ebsSnapshot.ts';

/**
 * AMIs of EC2. The disk's blocks are sent to the EBS direct API: that needs neither a bucket nor the role that VM Import
 * wants, and no traffic for what is empty.
 */
export const aws: Platform = {
  async publish(context, work) {
    const { request, observer, file, path, workDir } = work;
    const region = regionOf(request);
    const name = amiName(work, context);
    if (!isDiskFile(file.fileExtension)) {
      throw new PlatformError(
        `AWS takes one disk, and this ${work.targetFormat} image is a ${file.fileExtension} file. Generate it again for Amazon AWS with one disk.`,
      );
    }
    const client = new AwsClient(context, region);
    // Whoever is not let in is told so before anything is unpacked.
    await client.ec2('DescribeRegions', { 'RegionName.1': region }, 'describe the region');
    const raw = join(workDir, 'disk.raw');
    const unpacking = 'Unpacking the disk';
    observer.progress(unpacking);
    await writeRawDisk({
      ...{ source: path, extension: file.fileExtension, target: raw, signal: context.signal },
      onProgress: () => observer.progress(unpacking),
    });
    await using disk = await open(raw, 'r');
    const { size } = await disk.stat();
    const snapshot = await startSnapshot(client, size, { name, token: randomUUID() });
    observer.unfinished(snapshot);
    const blocks = await putBlocks(client, snapshot, disk, {
      signal: context.signal,
      onProgress: (bytes) => observer.progress(`Sending to EBS in ${region}`, bytes),
    });
    observer.progress('Completing the snapshot', { done: size, total: size });
    await completeSnapshot(client, snapshot, blocks, context);
    observer.progress('Registering the AMI', { done: size, total: size });
    const ami = await registerImage(context, region, snapshot, name);
    observer.unfinished(`${snapshot} ${ami}`);
    context.signal.throwIfAborted();
    return {
      cloudId: ami,
      location: `https://console.aws.amazon.com/ec2/home?region=${region}#ImageDetails:imageId=${ami}`,
    };
  },

  async cleanUp(context, request, unfinished) {
    const client = new AwsClient(context, regionOf(request));
    const [snapshot = '', ami] = unfinished.split(' ');
    if (ami !== undefined) {
      // `.NotFound`, or `.Unavailable` where it has been deregistered.
      const deregistering = client.ec2('DeregisterImage', { ImageId: ami }, 'deregister an AMI');
      await unlessGone(deregistering, 'InvalidAMIID.');
    }
    const deleting = client.ec2('DeleteSnapshot', { SnapshotId: snapshot }, 'delete a snapshot');
    await unlessGone(deleting, 'InvalidSnapshot.NotFound');
  },

  async resources(context) {
    const client = new AwsClient(context, context.env['AWS_REGION'] ?? 'us-east-1');
    const { regionInfo } = await client.ec2('DescribeRegions', {}, 'list regions');
    const regions = itemsOf(regionInfo).map(({ regionName }) => String(regionName));
    return {
      cloudResources: {
        $type: 'AwsResources',
        regions: regions.map((localisation) => ({ localisation })),
      },
      resources: regions.map((region) => ({ type: 'region', key: region, value: region })),
    };
  },

  machines,
};

/** The name that is asked for; else the appliance's with the time, as a name can be used once. */
function amiName({ request, name, version }: PublishWork, { clock }: PlatformContext): string {
  const time = new Date(clock.now()).toISOString().slice(0, 19).replaceAll(':', '.').replace('T', ' ');
  return (request.name ?? `${name} ${version} ${time}`).replace(/[^\w ()[\]./\-'@]/g, '-').slice(0, 128);
}

/** How long an AMI may take to be registered after a cancel: an AMI of which nobody knows the id stays, ms. */
const registeringMs = 5000;

async function registerImage(
  context: PlatformContext,
  region: string,
  snapshot: string,
  name: string,
): Promise<string> {
  using patient = later(context, registeringMs);
  const client = new AwsClient({ ...context, signal: patient.signal }, region);
  const disk = 'BlockDeviceMapping.1';
  const { imageId } = await client.ec2(
    'RegisterImage',
    {
      Name: name,
      Architecture: 'x86_64',
      // A disk starts on BIOS in any case, on UEFI unless its partitions have no room for that.
      BootMode: 'legacy-bios',
      EnaSupport: 'true',
      SriovNetSupport: 'simple',
      VirtualizationType: 'hvm',
      RootDeviceName: '/dev/xvda',
      [`${disk}.DeviceName`]: '/dev/xvda',
      [`${disk}.Ebs.SnapshotId`]: snapshot,
      [`${disk}.Ebs.VolumeType`]: 'gp3',
      [`${disk}.Ebs.DeleteOnTermination`]: 'true',
      'TagSpecification.1.ResourceType': 'image',
      'TagSpecification.1.Tag.1.Key': 'Name',
      'TagSpecification.1.Tag.1.Value': name,
    },
    `register the AMI “${name}”`,
  );
  return String(imageId);
}
