// How much of what a pattern has matched is a protected span: what belongs to the sentence around it goes back, and
// what only looks like code is left.

/** The endings by which a file's name is known, as a pattern. */
export const fileExtension =
  'txt|md|rst|html?|xhtml|css|scss|less|[cm]?js|jsx|tsx?|vue|json[c5l]?|ya?ml|toml|ini|cfg|conf|config|env|lock|' +
  'xml|xsl|xslt|xsd|dtd|svgz?|png|jpe?g|gif|bmp|ico|icns|webp|tiff?|xcf|psd|pdf|e?ps|djvu|epub|docx?|dotx?|xlsx?|pptx?|' +
  'od[tspgfbm]|ot[tsp]|rtf|csv|tsv|log|bak|tmp|sh|bash|zsh|fish|py|pyc|ipynb|rb|pl|pm|php|java|class|jar|war|kt|go|rs|' +
  'c|h|cc|cpp|cxx|hpp|hh|cs|vb|swift|lua|sql|db|sqlite3?|tex|bib|bst|sty|cls|dvi|pot?|mo|zip|tar|t?gz|tbz2?|bz2|xz|zst|7z|rar|' +
  'deb|dsc|rpm|iso|img|bin|exe|dll|so|dylib|lib|apk|msi|bat|cmd|ps1|desktop|service|socket|timer|mount|patch|diff|key|pem|' +
  'crt|cer|csr|gpg|asc|sig|ttf|otf|woff2?|mp[234]|og[gav]|flac|wav|midi?|avi|mkv|webm|mov|m4a|aac|opus|srt|ics|vcf|eml|mbox|' +
  'torrent|m3u8?|pls|vsix|onnx|safetensors|ui|glade|vala|m4|mk|cmake|gradle|properties|gschema';
const extensionEnd = new RegExp(`\\.(${fileExtension})(?:\\.[0-9]+)*$`, 'i');

/** The length without the characters at the end that belong to the sentence. */
export function withoutTrailing(match: string, dropped: RegExp): number {
  let length = match.length;
  while (length > 0 && dropped.test(match.charAt(length - 1))) length--;
  return length;
}

/** “100%ige” is a percentage, but “c++11%>” a closing quotation mark; in “n%'a” GCC's %' is only an apostrophe. */
export function printfLength(match: string, before: string): number {
  if (/\d/.test(before) && match !== '%%' && match !== '%>') return 0;
  return match.startsWith("%'") && /\p{L}/u.test(before) ? 2 : match.length;
}

/** GNU's quoting, `so' and ``so'', is no code. */
export function codeLength(match: string): number {
  const content = match.replace(/^`+|`+$/g, '');
  const isQuoting = content.includes("''") || content.split("'").length % 2 === 0;
  // What begins with a space begins behind a back-quote that closes.
  return isQuoting || content.trimStart() !== content ? 0 : match.length;
}

/** A full stop or a closing bracket after a URL belongs to the sentence. */
export function urlLength(match: string): number {
  let length = match.length;
  let open = match.split(/[([{]/).length - match.split(/[)\]}]/).length;
  for (; length > 0; length--) {
    const last = match.charAt(length - 1);
    if (/[)\]}]/.test(last) && open < 0) open++;
    else if (!/[.,;:!?'*]/.test(last)) break;
  }
  return /:\/\/$/.test(match) ? match.length : length;
}

/** “/S” and “/Nein” alone are no paths. */
export function pathLength(match: string): number {
  // The second half of a German compound (“/dev/null-Datei”) is a word to translate.
  const path = match.replace(/-[A-Z][a-zäöüß]+$/, '').slice(0, withoutTrailing(match, /[.,;:!?-]/));
  const isPath = /^(?:~|\.)/.test(path) || /^\/[^/]+\/./.test(path) || /^\/[a-z_.][\w.+-]+\/?$/.test(path);
  return isPath ? path.length : 0;
}

/** “u.a” and “d.h” are abbreviations, “Ende.Log” a missing space. */
export function fileNameLength(match: string): number {
  const found = extensionEnd.exec(match);
  if (!found) return 0;
  const ending = found[1]!;
  const isLower = ending === ending.toLowerCase();
  const isUpper = match === match.toUpperCase();
  return (isLower || isUpper) && (found.index > 1 || ending.length > 1) ? match.length : 0;
}

/** `os.path`, `org.gnome.Files`, `window.onLoad`; not “z.B”, “St.Gallen” or “Ende.Anfang”. */
export function isDottedName(match: string): boolean {
  const parts = match.split('.');
  if (parts.some(isCodeName)) return true;
  if (parts.some((part) => part.length < 2)) return false;
  const inner = parts.length > 2 ? parts.slice(0, -1) : parts.slice(1);
  return inner.every((part) => /^[a-z]/.test(part));
}

/** camelCase, PascalCase with an inner hump, snake_case, SCREAMING_SNAKE, `__init__`; not “kHz”, “MiB”, “PDFs”. */
export function isCodeName(word: string): boolean {
  if (/^[A-Z][a-z]*_[a-z]+$/.test(word)) return false; // a menu's mnemonic: “Pr_eferences”
  if (/^__[A-Z][a-z]+(?:__)?$/.test(word)) return false; // strong in Markdown: “__Warning__”
  if (/[A-Za-z0-9]_[A-Za-z0-9]/.test(word) || /^__[A-Za-z]/.test(word)) return true;
  if (/^eMails?$|(?:er|or|ent|ant)In(?:nen)?$/.test(word)) return false; // German: “BenutzerInnen”
  if (/^[a-z][a-z0-9]*[A-Z]/.test(word)) return word.length >= 4;
  return word.length >= 5 && /^[A-Z]\w*[a-z][0-9]*[A-Z]|^[A-Z]{3,}[a-z]{4,}/.test(word);
}
