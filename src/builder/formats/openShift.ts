import { containerFormat } from './containerFormat.ts';

export const openShift = containerFormat('OpenShift', 'An OCI archive to push to the registry of OpenShift.');
