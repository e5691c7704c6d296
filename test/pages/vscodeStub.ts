/** What pages' texts need of vscode, outside of VS Code: English. */
export const env = { language: 'en' };

export const l10n = {
  t: (text: string, ...values: unknown[]): string =>
    text.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
};
