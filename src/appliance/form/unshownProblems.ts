import type { Problem } from '../text/problem.ts';
import type { XmlSource, XmlElement } from '../xml/element.ts';

/** Each problem of a request is shown once: at the innermost part of the form that it is about. */
export class UnshownProblems {
  readonly #open: Map<Problem, number>;
  readonly #root: XmlElement;

  constructor(problems: readonly Problem[], { places }: XmlSource, root: XmlElement) {
    this.#open = new Map(problems.map((problem) => [problem, places.offset(problem.range.start)]));
    this.#root = root;
  }

  /** What is wrong in an element and not shown yet. */
  within({ start, end }: XmlElement): readonly Problem[] {
    return this.#take((_, from) => from >= start && from < end);
  }

  /** What is wrong because the value at a path is not there. */
  ofMissing(path: string): readonly Problem[] {
    return this.#take(({ code }, from) => {
      if (path === 'targetFormat/name') return code === 'missing-target-format';
      // “not compressed” stands at the root when nothing says whether.
      return path === 'compress' && code === 'not-downloadable' && from === this.#root.start + 1;
    });
  }

  /** What the form does not show. */
  rest(): readonly Problem[] {
    return [...this.#open.keys()];
  }

  #take(isMeant: (problem: Problem, from: number) => boolean): readonly Problem[] {
    if (this.#open.size === 0) return [];
    const taken = [...this.#open]
      .filter(([problem, from]) => isMeant(problem, from))
      .map(([problem]) => problem);
    for (const problem of taken) this.#open.delete(problem);
    return taken;
  }
}
