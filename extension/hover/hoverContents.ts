/**
 * What a hover says: the translation, its links, a picture of the attention, or one sentence on why there is none.
 */
import { ColorThemeKind, l10n, MarkdownString } from 'vscode';
import type { CommandId, LinkedCommandId } from '../contributions';
import { languageName } from '../languages/languagePair';
import type { Alignment } from './alignment';
import { inWords } from './alignment';
import { attentionPicture, dataUri, emsOfText, letterWidth } from './attentionPicture';
import { asMarkdown, commandLink, image } from './markdown';
import type { ThemeKind } from './pictureColours';

export interface Shown {
  readonly translation: string;
  /** Language tags. */
  readonly from: string;
  readonly to: string;
  /** The hover's number, for its links. */
  readonly id: number;
  /** The document takes the translation. */
  readonly replaceable: boolean;
  /** What is worth knowing of the translation, such as that it is uncertain. */
  readonly remark?: string | undefined;
  readonly picture?: ShownPicture | undefined;
}

export interface ShownPicture {
  readonly alignment: Alignment;
  /** Which sentence of how many it is of. */
  readonly sentence: number;
  readonly sentences: number;
}

export function translationContents(shown: Shown, theme: ThemeKind): MarkdownString {
  const { id, from, to, translation, replaceable, remark, picture } = shown;
  const links = [
    ...(replaceable ? [commandLink(l10n.t('Replace'), 'polyhead.replaceByHover', id)] : []),
    commandLink(l10n.t('Copy'), 'polyhead.copyHover', id),
    commandLink(l10n.t('Show Attention'), 'polyhead.showHoverAttention', id),
  ];
  const pair = `${languageName(from)} → ${languageName(to)}`;
  return contents([
    asMarkdown(translation),
    ...(remark === undefined ? [] : [`*${asMarkdown(remark)}*`]),
    `${links.join(' · ')} · ${asMarkdown(pair)}`,
    ...(picture === undefined ? [] : pictureParts(picture, shown, theme)),
  ]);
}

/** @param ways commands that may help */
export function sentenceContents(sentence: string, ...ways: readonly CommandId[]): MarkdownString {
  const titles: Partial<Record<CommandId, string>> = {
    'polyhead.showLog': l10n.t('Show Log'),
    'polyhead.restartEngine': l10n.t('Restart Engine'),
  };
  const links = ways.map((id) => commandLink(titles[id] ?? id, id));
  return contents([`${asMarkdown('Polyhead')}: ${asMarkdown(sentence)}`, links.join(' · ')]);
}

function pictureParts(
  { alignment, sentence, sentences }: ShownPicture,
  shown: Shown,
  theme: ThemeKind,
): string[] {
  const { from, to } = shown;
  const words = l10n.t('Attention: {0}', inWords(alignment));
  const caption = alignment.words
    ? l10n.t('Attention by words, the mean of all heads and layers. Each row sums to one.')
    : l10n.t('Attention, the mean of all heads and layers. Each row sums to one.');
  const which = sentences > 1 ? [l10n.t('Sentence {0} of {1}.', sentence, sentences)] : [];
  const said = [...which, caption].join(' ');
  const picture = attentionPicture(alignment, {
    theme,
    columnsAre: languageName(from),
    rowsAre: languageName(to),
    caption: said,
    room: roomBelow(shown),
  });
  // Who sees no picture is told by its words which sentence it is of.
  const shownPicture = image([words, ...which].join(' '), dataUri(picture), picture.width, picture.height);
  return picture.captioned ? [shownPicture] : [shownPicture, `*${asMarkdown(said)}*`];
}

/** A hover is 250 pixels high before it scrolls; the links, and what lies between, take these of them. */
const [hoverHeight, linksHeight, lineHeight, paragraphGap] = [250, 46, 19, 8];
/** How wide a line of text is in a hover, in ems: some 64 letters, or half as many signs of East Asia. */
const emsALine = 64 * letterWidth;

/** What is left for the picture without scrolling, in CSS pixels. */
function roomBelow({ translation, remark }: Shown): number {
  const heightOf = (text: string): number =>
    text
      .split('\n')
      .reduce((sum, line) => sum + lineHeight * Math.max(1, Math.ceil(emsOfText(line) / emsALine)), 0) +
    paragraphGap;
  return hoverHeight - linksHeight - heightOf(translation) - (remark === undefined ? 0 : heightOf(remark));
}

const linked = [
  'polyhead.replaceByHover',
  'polyhead.copyHover',
  'polyhead.showHoverAttention',
  'polyhead.showLog',
  'polyhead.restartEngine',
] as const satisfies (CommandId | LinkedCommandId)[];

function contents(parts: readonly string[]): MarkdownString {
  const markdown = new MarkdownString(parts.filter((part) => part !== '').join('\n\n'));
  markdown.isTrusted = { enabledCommands: linked };
  return markdown;
}

export function themeKindOf(kind: ColorThemeKind): ThemeKind {
  switch (kind) {
    case ColorThemeKind.Light:
      return 'light';
    case ColorThemeKind.HighContrast:
      return 'highContrast';
    case ColorThemeKind.HighContrastLight:
      return 'highContrastLight';
    case ColorThemeKind.Dark:
      return 'dark';
  }
}
