/** Templates of sentences in a language, by what they are in English, which needs none. */
export type Translations = Readonly<Record<string, string>>;

/** What a sentence speaks of: names and numbers, which stay as they are, and sentences within it. */
export type Part = string | number | bigint | Sentence;

/**
 * A sentence for a person, which can be told in the language of whoever asks: what `sentence` makes of a
 * template. Not @vscode/l10n, which knows one language in a process: here each request has its own.
 */
export class Sentence {
  /** In English, with `{0}` … where its parts stand. */
  readonly #template: string;
  readonly #parts: readonly Part[];

  constructor(template: string, parts: readonly Part[]) {
    this.#template = template;
    this.#parts = parts;
  }

  in(translations: Translations = {}): string {
    const template = translations[this.#template] ?? this.#template;
    return template.replace(/\{(\d+)\}/g, (_, index: string) => {
      return say(this.#parts[Number(index)] ?? '', translations);
    });
  }

  /** In English, as logs have it. */
  toString(): string {
    return this.in();
  }
}

/** The tag of every template that becomes a sentence: its text is what `french.json` translates. */
export function sentence(texts: TemplateStringsArray, ...parts: readonly Part[]): Sentence {
  return new Sentence(
    texts.map((text, index) => (index === 0 ? text : `{${index - 1}}${text}`)).join(''),
    parts,
  );
}

/** A text of a table as a sentence: the table is what is translated. */
export function asSentence(text: string): Sentence {
  return new Sentence(text, []);
}

export function say(part: Part, translations?: Translations): string {
  return part instanceof Sentence ? part.in(translations) : String(part);
}

/** Some sentences one after the other, as parts of another one. */
export function joined(sentences: readonly Part[], separator: string): Sentence {
  return new Sentence(sentences.map((_, index) => `{${index}}`).join(separator), sentences);
}
