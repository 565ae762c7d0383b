export { imageFileAt } from './imageFile.ts';
export { MachineError } from './machineError.ts';
export type {
  Accelerator,
  Forwarded,
  GuestShell,
  ImageFile,
  Machine,
  MachineEnd,
  MachineState,
  StartOptions,
} from './model.ts';
export { installCommand } from './program.ts';
export { startMachine } from './startMachine.ts';
export type { Login } from './shell/consoleShell.ts';
export { openShell } from './shell/guestShell.ts';
export { junitOf } from './tests/junit.ts';
export { isGood, type Outcome } from './tests/outcome.ts';
export { runTests, type TestRun } from './tests/runTests.ts';
export { imageOf, loginOf, testImage } from './tests/testImage.ts';
