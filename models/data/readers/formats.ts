/** Which reader a corpus needs: by the endings of its files' names. */
import { UserError } from '../../userError';
import type { Meter } from '../lines';
import { readAligned } from './aligned';
import type { Candidates, Languages } from './candidates';
import { readGettext } from './gettext';
import { readTable } from './table';
import { readTmx } from './tmx';
import { readXliff } from './xliff';

/** One corpus: its files, what its entries are called (plural), and how they are read. */
export interface CorpusFormat {
  readonly files: readonly string[];
  readonly entries: string;
  readonly read: (languages: Languages, meter?: Meter) => Candidates;
}

/**
 * @param specification one file (`.tsv` or `.txt`: source TAB target; `.tmx`; `.xlf`, `.xliff`; `.po`), or two files with as many lines
 *   and a comma between: `a.en,a.de`. Each may end in `.gz` besides.
 * @throws UserError where it is neither
 */
export function formatOf(specification: string): CorpusFormat {
  const files = specification.split(',');
  const [first = '', second, ...more] = files;
  if (second !== undefined) {
    if (first === '' || second === '' || more.length > 0) {
      throw new UserError(
        `The corpus "${specification}" is neither one file nor two files with a comma between, such as a.en,a.de.`,
      );
    }
    return { files, entries: 'lines', read: (_, meter) => readAligned(first, second, meter) };
  }
  const extension = /\.([^./\\]+?)(?:\.gz)?$/i.exec(first)?.[1]?.toLowerCase() ?? '';
  switch (extension) {
    case 'tsv':
    case 'txt':
      return { files, entries: 'lines', read: (_, meter) => readTable(first, meter) };
    case 'tmx':
      return { files, entries: 'units', read: (languages, meter) => readTmx(first, languages, meter) };
    case 'xlf':
    case 'xliff':
      return { files, entries: 'units', read: (languages, meter) => readXliff(first, languages, meter) };
    case 'po':
      return { files, entries: 'messages', read: (languages, meter) => readGettext(first, languages, meter) };
    default:
      throw new UserError(
        `What kind of corpus ${first} is cannot be told from its name: known are .tsv and .txt (source TAB target), ` +
          '.tmx, .xlf, .po, and two files of as many lines as a.en,a.de; each may be packed as .gz.',
      );
  }
}
