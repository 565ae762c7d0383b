import * as z from 'zod';
import { tools } from './allTools.ts';

/** An object's JSON schema (draft 7, for the manifest of an extension and the Model Context Protocol). */
export interface InputSchema {
  readonly type: 'object';
  readonly [keyword: string]: unknown;
}

/** What each tool takes, by its name. */
export const inputSchemas: Readonly<Record<string, InputSchema>> = Object.fromEntries(
  tools.map(({ name, input }) => {
    const schema = z.toJSONSchema(input, { io: 'input', target: 'draft-7' });
    delete schema.$schema;
    return [name, schema as InputSchema];
  }),
);
