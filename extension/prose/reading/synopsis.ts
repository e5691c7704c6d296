/**
 * Lines that tell how a command is called: `Usage: deploy [-v] <target>`. A reader types them, and docopt and its like
 * parse them, so that they are no prose.
 */

const label = /^(?:usage|synopsis|syntax|aufruf|verwendung|用法|or|oder)\s*[:：]\s*/iu;
/** Words that only sentences have. */
const ofSentences =
  /(?:^|\s)(?:the|an?|is|are|was|be|of|this|that|which|should|must|not|we|it|you|when|please|der|die|das|ist|sind|ein|eine|nicht|wird|wenn|bitte)(?=[\s,.;:]|$)/i;
/** `[-v]`, `<target>`, `--all`, `FILE...`, `$0`, `|`, `a.txt`, `./run` */
const ofCommands =
  /^(?:\[[^\]]|<[\w.:-]+>|\{[\w,|]+\}|-{1,2}[A-Za-z]|\.\.\.$|\|$|\$[\w({]|%\w|[A-Z][A-Z0-9_]+(?:\.{3})?$|[\w-]+\.[a-z]\w{0,4}$|\S*[/=])/;
const commandName = /^(?:[`$%<]|\.{0,2}\/|[a-z_~])[\w./~${}()%<>-]*$/;
const known =
  /^(?:sudo|git|npm|npx|yarn|pnpm|node|deno|bun|python3?|pip3?|ruby|gem|bundle|perl|php|composer|java|mvn|gradle|go|cargo|rustup|make|cmake|ninja|docker|kubectl|helm|apt|apt-get|brew|curl|wget|bash|sh|ssh|dotnet|swift)$/;

/** Whether a line is a command and what it takes, with or without a label before it. */
export function isSynopsis(line: string): boolean {
  const said = label.exec(line)?.[0] ?? '';
  const command = line.slice(said.length).replace(/^\$ /, '');
  const [name = '', ...rest] = command.split(/\s+/);
  if (!commandName.test(name) || ofSentences.test(command)) return false;
  if (line.length > said.length + command.length) return true;
  if (said !== '')
    return known.test(name) || /[./$%<`]/.test(name) || rest.some((word) => ofCommands.test(word));
  return /\s\[-{1,2}\w/.test(command) && !/[.!?]$/.test(command.replace(/\.{3}$/, ''));
}

/** Whether a line announces such lines below it. */
export function isUsageLabel(line: string): boolean {
  return label.exec(line)?.[0].trimEnd() === line;
}
