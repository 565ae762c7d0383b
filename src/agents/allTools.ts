import type { Tool } from './tool.ts';
import { cancelImage } from './tools/cancelImage.ts';
import { checkDefinition } from './tools/checkDefinition.ts';
import { explainFailure } from './tools/explainFailure.ts';
import { followImage } from './tools/followImage.ts';
import { generateImage } from './tools/generateImage.ts';
import { listFormats } from './tools/listFormats.ts';
import { listImages } from './tools/listImages.ts';
import { listPublications } from './tools/listPublications.ts';
import { publishImage } from './tools/publishImage.ts';
import { runInMachine } from './tools/runInMachine.ts';
import { searchPackages } from './tools/searchPackages.ts';
import { startImage } from './tools/startImage.ts';
import { stopMachine } from './tools/stopMachine.ts';
import { testImage } from './tools/testImage.ts';

/** Everything an agent can have done, in the order of its work. */
export const tools: readonly Tool[] = [
  checkDefinition,
  listFormats,
  searchPackages,
  generateImage,
  listImages,
  followImage,
  cancelImage,
  explainFailure,
  startImage,
  testImage,
  runInMachine,
  stopMachine,
  publishImage,
  listPublications,
];
