export { imageFileAt } from './imageFile.ts';
export { isContainer } from './hardware.ts';
export { MachineError, type MachineErrorKind } from './machineError.ts';
export type {
  Access,
  Accelerator,
  Forwarded,
  GuestShell,
  ImageFile,
  Machine,
  MachineConsole,
  MachineEnd,
  MachineState,
  Port,
  StartOptions,
} from './model.ts';
export { startMachine } from './startMachine.ts';
