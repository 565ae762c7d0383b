import { containerFormat } from './containerFormat.ts';

export const docker = containerFormat('Docker', 'An OCI archive that docker load, podman and skopeo read.');
