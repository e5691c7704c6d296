/** What a view of a page is made of, without a page: its markup, and its buttons with what they do. */

/** What lit makes of html`…`. */
interface Template {
  readonly strings: readonly string[];
  readonly values: readonly unknown[];
}

/** A view's file by its name in webview/, which the compiler does not follow: views know the DOM, and tests do not. */
export async function viewFile<Exports>(name: string): Promise<Exports> {
  const file = new URL(`../../../webview/${name}.ts`, import.meta.url);
  return (await import(file.href)) as Exports;
}

/** The markup; what is no text of it, such as a listener, is left out. */
export function markupOf(part: unknown): string {
  if (Array.isArray(part)) return part.map(markupOf).join('');
  if (isTemplate(part)) {
    const { strings, values } = part;
    return strings
      .map((text, index) => text + (index < values.length ? markupOf(values[index]) : ''))
      .join('');
  }
  return typeof part === 'string' || typeof part === 'number' || typeof part === 'boolean'
    ? String(part)
    : '';
}

export interface Button {
  readonly markup: string;
  press(): void;
}

/** The buttons whose markup holds these words. */
export function buttonsNamed(part: unknown, words: string): Button[] {
  if (Array.isArray(part)) return part.flatMap((one) => buttonsNamed(one, words));
  if (!isTemplate(part)) return [];
  const markup = markupOf(part);
  if (!part.strings[0]!.startsWith('<button')) return part.values.flatMap((one) => buttonsNamed(one, words));
  const press = part.values.find((value) => typeof value === 'function') as () => void;
  return markup.includes(words) ? [{ markup, press }] : [];
}

function isTemplate(part: unknown): part is Template {
  return typeof part === 'object' && part !== null && 'strings' in part && 'values' in part;
}
