/**
 * Comments that are not written for readers: what tools and compilers read, and the terms of licences, which mean what
 * they say in the language that they were written in.
 */

/** Lines that a tool reads, by how they begin. */
const directives = new RegExp(
  [
    // JavaScript, TypeScript and what checks them.
    /@ts-(?:ignore|nocheck|check)\b/,
    /eslint(?:-\w| [\w@/-]+:)|(?:js|ts|css|html|ember-template-)lint[ :-]/,
    /(?:stylelint|oxlint|biome|prettier|dprint|rome)-(?:ignore|disable|enable|lint)/,
    /(?:istanbul|c8|v8|node:coverage) (?:ignore|disable|enable)|jsx?hint\b|globals? [\w$:]+(?:,\s*[\w$:]+)+$|globals? [a-z]+[A-Z]\w*$/,
    /@(?:flow|jsx\w*|license|preserve|vite-ignore|vitest-environment|jest-environment)\b|[@#]__\w+__|webpack\w+:|sourceMappingURL=|sourceURL=/,
    /<(?:reference|amd-module)\b/,
    // Python.
    /noqa\b|type: ?(?:ignore|\()|pylint:|pyright:|mypy:|ruff:|flake8[: ]|isort:|yapf:|fmt: ?(?:on|off|skip)|pragma:? |nosec\b|bandit:|-\*-|coding[:=]|doctest:/,
    // C, C++, C#, Java, Kotlin, Go, Rust, Swift, PHP, Ruby, shells …
    /NOLINT|nolint\b|clang-(?:format|tidy)|IWYU pragma|cppcheck-|coverity\[|lint -|FALLTHRU$|FALLTHROUGH$|[Ff]all[ -]?through$|NOSONAR|NOPMD|CHECKSTYLE|@formatter:|noinspection |language=|\$NON-NLS|ReSharper |StyleCop|<auto-?generated/,
    /go:\w|\+build |line \S+:\d|export \w+$|golangci|rustfmt|swiftlint:|swift-format-|swift-tools-version|sourcery:|ktlint-|detekt:|@Suppress/,
    /rubocop:|frozen_string_literal:|encoding: ?(?:utf|UTF|ascii|ASCII|iso|latin)|typed: ?(?:true|false|strict|strong|ignore)|phpcs:|phpstan|psalm|@codingStandards|@phpstan|@psalm|shellcheck /,
    // Everywhere.
    /#?(?:end)?region\b|#?pragma\b|SPDX-|REUSE-|cspell:|spell-?checker:|codespell:|markdownlint-|textlint-|yaml-language-server|yamllint |\$schema|syntax=|escape=|hadolint |checkov:|trivy:|tfsec:|kics-|nosemgrep|lgtm\[|codeql\[|semgrep|gitleaks:|allow-secret/,
    /(?:vim?|ex): ?(?:set?\s|\w+=)|Local Variables:|End:$|!\/|\$(?:Id|Revision|Date|Author|Header|Source|Locker|State|Log|RCSfile)\b|Revision \d+(?:\.\d+)+\s+\d{4}[/-]\d\d[/-]\d\d\b/,
    // What a bracket closes.
    /(?:end )?namespace [\w:]+$|(?:end )?(?:extern "C"|anonymous namespace)$/,
    /\[(?:\[?doctest|snippet|START|END) /,
  ]
    .map(({ source }) => source)
    .join('|'),
);
const beginsDirective = new RegExp(`^(?:${directives.source})`);

/** Tags of documentation with names, addresses and versions behind them. */
const namingTags =
  /^[@\\](?:see|link|author|since|version|module|name|type|typedef|extends|implements|augments|memberof|namespace|kind|access|public|private|protected|alpha|beta|override|readonly|default(?:Value)?|file(?:name)?|ingroup|addtogroup|defgroup|relates|sa|ref|anchor|snippet|include|image|dot|msc|cite|copydoc|inheritDoc|callback|event|fires|listens|mixes|requires|package|category|hidden|constructor|class|enum|function|method|static|abstract|async|generator|global|instance|inner|lends|license|copyright|variation|serial(?:Data|Field)?|hide|covers|dataProvider|group|depends|uses)\b/;

/** @returns whether a line of a comment is there for a tool */
export function isForTools(content: string): boolean {
  return beginsDirective.test(content.replace(/^[#@]\s+/, '')) || namingTags.test(content);
}

/** What licences and notices of rights say, and little else does. */
const terms =
  /\bcopyright\b|©|\(c\) ?(?:19|20)\d\d|\ball rights reserved\b|\bspdx-license|\blicen[sc]ed? (?:under|to|by|is|agreement|terms|file)\b|\bunder the (?:terms|license|licence|apache|mit|bsd|gnu|mozilla|gpl|lgpl|agpl)\b|\b(?:apache|mit|bsd|isc|mozilla public|eclipse public|gnu (?:lesser |affero )?general public|boost software) licen[sc]e\b|\blicen[sc]e,? version \d|\bpermission (?:is|to) (?:hereby|use|granted)\b|\bwithout (?:any )?warrant|\bwarrant(?:y|ies) of\b|\bas is\b.*\b(?:basis|warrant|without)|"as is"|\bredistributions?\b|\bredistribute it and\/or\b|\bfree software foundation\b|\bshall (?:be included|not be used)\b|\bin no event shall\b|\bliab(?:le|ility)\b.*\bdamages\b|\bterms and conditions\b|\bobtain a copy of the license\b|\bsee the (?:license|licence|copying|notice) (?:file|for)\b|\bunless required by applicable law\b|\bor \(at your option\) any later version\b|\borigin of this software must not be misrepresented\b|\baltered source versions must\b|\bthis notice may not be removed\b|\bdistributed under (?:the )?\w+(?: style)? licen[sc]e\b|\bsee accompanying file licen[sc]e\b|\bpublic domain\b|\bthis (?:program|library|file|software|source code) is (?:free software|distributed|licensed|part of|provided|subject)\b|\byou (?:should have received|may not use this file|may obtain)\b|\bgeneral public licen[sc]e\b|\burheberrecht|\balle rechte vorbehalten|\blizenziert unter|版权所有|许可证/i;

/** Whether a paragraph is part of a licence or says who owns the file. */
export function isLicence(paragraph: string): boolean {
  return terms.test(paragraph.slice(0, 5000));
}
