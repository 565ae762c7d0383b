/**
 * The kernel's parameters as the API has them: one text. Source: the schema, InstallProfile/kernelParameters, says
 * separated by commas. But values have commas, too (`console=ttyS0,115200`), so a comma before a digit separates
 * nothing, nor does one with a backslash before it, and blanks separate as well: these three are ours.
 */
export function parseKernelParameters(text: string): readonly string[] {
  return text
    .split(/\s+|(?<!\\),(?!\d)/)
    .map((parameter) => parameter.replaceAll('\\,', ','))
    .filter((parameter) => parameter !== '');
}

/** What `parseKernelParameters` reads as these parameters, none of which has blanks. */
export function printKernelParameters(parameters: readonly string[]): string {
  return parameters.reduce((text, parameter) => {
    const printed = parameter.replace(/,(?!\d)/g, '\\,');
    if (text === '') return printed;
    return `${text}${/^\d/.test(printed) ? ' ' : ','}${printed}`;
  }, '');
}
