/** The tools by name, without what they are made of: an editor registers them before it loads them. */
export const toolNames = [
  'check_definition',
  'list_formats',
  'search_packages',
  'generate_image',
  'list_images',
  'follow_image',
  'cancel_image',
  'explain_failure',
  'start_image',
  'test_image',
  'run_in_machine',
  'stop_machine',
  'publish_image',
  'list_publications',
] as const;

export type ToolName = (typeof toolNames)[number];
