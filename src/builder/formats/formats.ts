import type { TargetFormatInfo } from '../model.ts';
import { aws } from './aws.ts';
import { azure } from './azure.ts';
import { cloudStackOva } from './cloudStackOva.ts';
import { cloudStackQcow2 } from './cloudStackQcow2.ts';
import { cloudStackVhd } from './cloudStackVhd.ts';
import { docker } from './docker.ts';
import type { ImageFormat } from './format.ts';
import { google } from './google.ts';
import { hyperV } from './hyperV.ts';
import { iso } from './iso.ts';
import { k5 } from './k5.ts';
import { kvm } from './kvm.ts';
import { lxc } from './lxc.ts';
import { openShift } from './openShift.ts';
import { openStackQcow2 } from './openStackQcow2.ts';
import { openStackVdi } from './openStackVdi.ts';
import { openStackVhd } from './openStackVhd.ts';
import { openStackVmdk } from './openStackVmdk.ts';
import { oracle } from './oracle.ts';
import { outscale } from './outscale.ts';
import { ovf } from './ovf.ts';
import { pxe } from './pxe.ts';
import { qcow2 } from './qcow2.ts';
import { raw } from './raw.ts';
import { suseCloud } from './suseCloud.ts';
import { targz } from './targz.ts';
import { vagrant } from './vagrant.ts';
import { vCenter } from './vCenter.ts';
import { vCloud } from './vCloud.ts';
import { vhd } from './vhd.ts';
import { virtualBox } from './virtualBox.ts';
import { vmwareServer } from './vmwareServer.ts';
import { xen } from './xen.ts';
import { xenServer } from './xenServer.ts';

/** The table of formats: a new format is a file and a line here. A server numbers them in this order. */
const formats: readonly ImageFormat[] = [
  ...[virtualBox, qcow2, raw],
  ...[kvm, vhd, hyperV, vmwareServer, vCenter, ovf, vagrant, xen, xenServer],
  ...[aws, azure, google, oracle, outscale, k5, suseCloud, vCloud],
  ...[openStackQcow2, openStackVmdk, openStackVhd, openStackVdi],
  ...[cloudStackQcow2, cloudStackVhd, cloudStackOva],
  ...[docker, openShift, lxc, targz],
  ...[iso, pxe],
];

/** What the forge can build. */
export const targetFormats: readonly TargetFormatInfo[] = formats.map((format) => format.info);

/** The format of that target format's name, as it is written there. */
export function imageFormatOf(name: string | undefined): ImageFormat | undefined {
  return formats.find((format) => format.info.name === name);
}
