/**
 * Words whose full stop belongs to them (Moses' “non-breaking prefixes”): initials, titles, ordinals and common
 * abbreviations. Facts about the languages, capitalised as they are written; what holds a full stop inside, such as
 * `e.g.`, needs no entry (tokenizer.ts).
 */

export type MosesLanguage = 'en' | 'de' | 'fr';

interface Abbreviations {
  /** The full stop stays whatever follows. */
  readonly always: ReadonlySet<string>;
  /** The full stop stays where a number follows: `No. 5`. */
  readonly beforeNumbers: ReadonlySet<string>;
}

const capitals = 'A B C D E F G H I J K L M N O P Q R S T U V W X Y Z';
const smallLetters = capitals.toLowerCase();
const romanNumerals = 'II III IV VI VII VIII IX XI XII XIII XIV XV XVI XVII XVIII XIX XX';
const ordinals = Array.from({ length: 99 }, (_, index) => `${index + 1}`).join(' ');

const titles = [
  'Dr DR Mr MR Mrs MRS Ms MS MM Mlle Mme Messrs Msgr Prof Ph Rev Hon Rt Sr St Supt Surg Hosp Insp',
  'Adj Adm Adv Asst Bart Bldg Brig Bros Con Corp Ens Gov Op Ord Rep Reps Res Sen Sens',
  'Capt Cmdr Col Comdr Cpl Gen Lt Maj Pfc Pvt Sfc Sgt',
].join(' ');

export const abbreviations: Record<MosesLanguage, Abbreviations> = {
  en: {
    always: words(capitals, titles, 'Drs Hr v vs rev'),
    beforeNumbers: words('No Nos Art Nr pp'),
  },
  de: {
    always: words(
      ...[capitals, smallLetters, romanNumerals, romanNumerals.toLowerCase(), ordinals, titles],
      'bzgl bzw dergl dgl etc evtl ff ggf jun sen sog sogen usf usw vgl vs zzt',
      'Art Buchst Ca Chr Co Ltd Mio Mrd MwSt No Nos Nr Std Zt ca pp',
    ),
    beforeNumbers: new Set(),
  },
  fr: {
    always: words(
      ...[capitals, smallLetters, 'MM SS'],
      'al ann apr art auj av boul ca cf chap contr dir env etc ex fasc fig fr fém hab ibid id inf lib masc ms pl pp',
      'sec sect sing sq sqq suiv sup suppl tél vb vol vs éd',
    ),
    beforeNumbers: new Set(),
  },
};

/** The languages whose rules and abbreviations are known here. */
export const mosesLanguages = Object.keys(abbreviations) as MosesLanguage[];

function words(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.split(' ')));
}
