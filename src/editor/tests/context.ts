import type { TicketStore } from '../../tickets/store.ts';
import type { Clock } from '../../uforge/clock.ts';
import type { ErrorReporter } from '../errors.ts';
import type { Downloads } from '../images/downloadImage.ts';
import type { TestedImages } from './testedImages.ts';

/** What the tests of images work with. */
export interface ImageTestsContext {
  readonly store: TicketStore;
  readonly downloads: Downloads;
  readonly tested: TestedImages;
  readonly clock: Clock;
  readonly errors: ErrorReporter;
}
