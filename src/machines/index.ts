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
export { installCommand } from './program.ts';
export { startMachine } from './startMachine.ts';
export { openShell, type Login } from './shell/guestShell.ts';
export { junitOf } from './tests/junit.ts';
export { isGood, type Outcome } from './tests/outcome.ts';
export { runTests, type TestRun } from './tests/runTests.ts';
export { imageOf, loginOf, testImage } from './tests/testImage.ts';
