import type { z } from 'zod';
import type { AgentHost } from './host.ts';

/** What a tool does to the world: agents and people decide by it whether to ask first. */
export type Effect = 'reads' | 'builds' | 'runs' | 'cancels' | 'publishes';

/** How far a tool that takes its time has come: 0 to 100. */
export interface ToolProgress {
  readonly message: string;
  readonly percentage: number;
}

export interface ToolCall {
  readonly host: AgentHost;
  readonly signal: AbortSignal;
  readonly report: (progress: ToolProgress) => void;
}

/** Something an agent can have done. The answer is plain JSON; an error says what would be right. */
export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  /** As MCP has it: `check_definition`. */
  readonly name: string;
  readonly title: string;
  /** For the model: when to use it, what it answers, what to do next. */
  readonly description: string;
  readonly effect: Effect;
  readonly input: Input;
  run(input: z.output<Input>, call: ToolCall): Promise<object>;
}

/** A tool whose `run` knows the type of its input. */
export function tool<Input extends z.ZodObject>(definition: Tool<Input>): Tool {
  // `run` is only ever called with what `input` has made of the arguments (see callTool).
  return definition;
}
