import * as z from 'zod';
import { OutsideSourcesRefused } from '../appliance/archive/packTemplate.ts';
import { PushConflict } from '../generate/push.ts';
import { BuilderChoiceError } from '../appliance/request/fromTemplate.ts';
import { DefinitionError } from '../appliance/text/definitionError.ts';
import { problemAnswer } from './answers.ts';
import type { Tool, ToolCall } from './tool.ts';
import { messageOf } from '../uforge/messageOf.ts';

/** What comes of a call: an answer, or an error with a sentence that says what would be right. */
export type ToolResult =
  { readonly ok: true; readonly answer: object } | { readonly ok: false; readonly answer: ToolFailure };

export interface ToolFailure {
  readonly error: string;
  readonly [detail: string]: unknown;
}

/** Checks the arguments strictly and runs the tool. Rejects only when the signal is aborted. */
export async function callTool(tool: Tool, input: unknown, call: ToolCall): Promise<ToolResult> {
  const checked = tool.input.safeParse(input ?? {});
  if (!checked.success) {
    const wrong = z
      .prettifyError(checked.error)
      .replaceAll('✖ ', '')
      .replaceAll(/\n\s*→ at /g, ' at ');
    return { ok: false, answer: { error: `The arguments of ${tool.name} are wrong. ${wrong}` } };
  }
  try {
    return { ok: true, answer: await tool.run(checked.data, call) };
  } catch (error) {
    call.signal.throwIfAborted();
    return { ok: false, answer: explained(error) };
  }
}

function explained(error: unknown): ToolFailure {
  const sentence = messageOf(error);
  if (error instanceof DefinitionError) {
    const problems = error.problems.map(problemAnswer);
    const refused = error instanceof OutsideSourcesRefused;
    const onlyPeople = refused ? ' Only the user can allow it, in the editor or on the command line.' : '';
    return { error: sentence + onlyPeople, file: error.file, problems };
  }
  if (error instanceof BuilderChoiceError) return { error: `${sentence} Use target_format.` };
  if (error instanceof PushConflict) {
    return {
      error: `${sentence} With the user’s consent it can be replaced: call again with replace: true.`,
    };
  }
  const detail = error instanceof Error && 'detail' in error ? error.detail : '';
  return { error: sentence, ...(typeof detail === 'string' && detail !== '' && { detail }) };
}
