/** TSV: source TAB target, a pair a line; further columns are ignored. */
import { readLines, type Line, type Meter } from '../lines';
import type { Candidate, Candidates } from './candidates';

export async function* readTable(file: string, meter?: Meter): Candidates {
  let count = 0;
  for await (const lines of readLines(file, meter)) yield lines.map((line) => tableRow(line, file, ++count));
}

function tableRow(text: Line, file: string, line: number): Candidate {
  if (typeof text !== 'string') return { file, line, fault: text.fault };
  // An empty line is no row gone wrong; the filter counts it as empty.
  if (text === '') return { source: '', target: '' };
  const tab = text.indexOf('\t');
  if (tab === -1) return { file, line, fault: 'has no tab between source and target' };
  const end = text.indexOf('\t', tab + 1);
  return { source: text.slice(0, tab), target: text.slice(tab + 1, end === -1 ? undefined : end) };
}
