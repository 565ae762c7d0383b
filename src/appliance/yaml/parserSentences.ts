import { sentence, type Sentence } from '../../uforge/language/sentence.ts';

/** What the YAML library says of what people write wrong, word by word. What else it says is in English only. */
const known: readonly Sentence[] = [
  sentence`A block sequence may not be used as an implicit map key`,
  sentence`A node can have at most one anchor`,
  sentence`A node can have at most one tag`,
  sentence`Alias cannot be an empty string`,
  sentence`All mapping items must start at the same column`,
  sentence`All sequence items must start at the same column`,
  sentence`An alias node must not specify any properties`,
  sentence`Anchor cannot be an empty string`,
  sentence`Block collection cannot start on same line with directives-end marker`,
  sentence`Block collections are not allowed within flow collections`,
  sentence`Block scalar values in collections must be indented`,
  sentence`Comments must be separated from other tokens by white space characters`,
  sentence`Flow map in block collection must be sufficiently indented and end with a }`,
  sentence`Flow map must end with a }`,
  sentence`Flow sequence in block collection must be sufficiently indented and end with a ]`,
  sentence`Flow sequence must end with a ]`,
  sentence`Implicit keys need to be on a single line`,
  sentence`Implicit keys of flow sequence pairs need to be on a single line`,
  sentence`Implicit map keys need to be followed by map values`,
  sentence`Missing , between flow map items`,
  sentence`Missing , between flow sequence items`,
  sentence`Missing , or : between flow map items`,
  sentence`Missing , or : between flow sequence items`,
  sentence`Missing closing "quote`,
  sentence`Missing closing 'quote`,
  sentence`Nested mappings are not allowed in compact mappings`,
  sentence`Plain value cannot start with a tab character`,
  sentence`Plain value cannot start with directive indicator character %`,
  sentence`Plain value cannot start with flow indicator character ,`,
  sentence`Plain value cannot start with reserved character @`,
  sentence`Plain value cannot start with reserved character \``,
  sentence`Sequence item without - indicator`,
  sentence`Source contains multiple documents; please use YAML.parseAllDocuments()`,
  sentence`Tabs are not allowed as indentation`,
  sentence`Tags and anchors must be separated from the next token by white space`,
  sentence`Unexpected , in flow map`,
  sentence`Unexpected , in flow sequence`,
  sentence`Unexpected block-seq-ind on same line with key`,
  sentence`Unexpected empty item in flow map`,
  sentence`Unexpected empty item in flow sequence`,
  sentence`Unexpected flow-map-end token in YAML document: "}"`,
  sentence`Unexpected flow-seq-end token in YAML document: "]"`,
  sentence`Unexpected scalar at node end`,
];

const sentences: ReadonlyMap<string, Sentence> = new Map(known.map((each) => [each.toString(), each]));

export function parserSentence(message: string): Sentence {
  return sentences.get(message) ?? sentence`${message}`;
}
