// The `vds-conformance …` commands that stand in a document or template, as arguments. What is written is taken as a
// reader would: `<…>` stands for any value, and a comment, a pipe or the next command ends one.

const COMMANDS = 'run|list|report|merge|diff|verify|providers|serve|clean|explain|doctor|init|completion';
const NEED_A_PROVIDER = new Set(['run', 'serve', 'clean', 'doctor']);

const withProvider = (args: string[]): string[] =>
  NEED_A_PROVIDER.has(args[0] ?? '') && !args.includes('--provider') ? [...args, '--provider', 'any'] : args;

/**
 * One command's text as arguments: quotes are taken off, and options that come from a variable or are elided (`…`) are
 * left out.
 */
function argumentsIn(text: string): string[] {
  const plain = text
    .replace(/<[^>\n]*>/g, 'any')
    .replace(/\$\{more\[@\]\+[^}]*\}"\}/g, '')
    .replace(/\s(\|\|?|&&|;|#|>).*$/, '');
  const words = [...plain.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word);
  const leftOut = (word: string, before: string | undefined): boolean =>
    (/^\$\w+$/.test(word) && before !== 'merge') || (word === '…' && before?.startsWith('--') !== true);
  const args = words.filter((word, i) => !leftOut(word, words[i - 1])).map((word) => word.replace(/["']/g, ''));
  // The configuration names the provider.
  return args.includes('--config') ? withProvider(args) : args;
}

/** Lines with what continues them, after a backslash. */
const lines = (text: string): string[] => text.replace(/\\\n\s*/g, ' ').split('\n');

const named = (line: string): string[] =>
  [...line.matchAll(new RegExp(`(?:^|[\\s(/])vds-conformance ((?:${COMMANDS})\\b.*)$`, 'g'))].map(
    ([, rest]) => rest ?? '',
  );

/** From a script or a template. */
export const commandsInScript = (text: string): string[][] =>
  lines(text)
    .filter((line) => !/^\s*(#|\/\/)(?!   )/.test(line))
    // `${X:+words}` stands for the words where X is set.
    .map((line) => line.replace(/\$\{\w+:\+([^{}]*)\}/g, '$1'))
    .flatMap(named)
    .map(argumentsIn);

/** From Markdown: code blocks, and code in the text, where the name of the program and the provider may be left out. */
export function commandsInMarkdown(text: string): string[][] {
  const blocks: string[] = [];
  const prose = text
    .replace(/^```(\w*)\n([\s\S]*?)^```$/gm, (_, language: string, block: string) => {
      if (!/^(js|ts|text|json)$/.test(language)) blocks.push(block);
      return '';
    })
    .replace(/^ {4}.*$/gm, (line) => {
      blocks.push(line);
      return '';
    });
  const inline = [...prose.matchAll(/`([^`]+)`/g)].map(([, code]) => (code ?? '').replace(/\s+/g, ' '));
  const short = inline
    .filter((code) => new RegExp(`^(${COMMANDS}) `).test(code))
    .map(argumentsIn)
    .map(withProvider);
  // A command's bare name in the text is a mention.
  return [...blocks.flatMap(lines).flatMap(named), ...inline.flatMap(named).filter((code) => code.includes(' '))]
    .map(argumentsIn)
    .concat(short);
}
