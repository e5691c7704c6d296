/**
 * Comments that are not written for readers: what tools and compilers read, and the terms of licences, which mean what
 * they say in the language that they were written in.
 */
import { beginningWith, type LineContext } from './commentHeads';

/** Lines that a tool reads, by how they begin. */
const directives = beginningWith([
  // JavaScript, TypeScript and what checks them.
  /@ts-(?:ignore|nocheck|check)\b/,
  /eslint(?:-\w| [\w@/-]+:)|(?:js|ts|css|html|ember-template-)lint[ :-]/,
  /(?:stylelint|oxlint|biome|prettier|dprint|rome|deno-(?:lint|fmt))-(?:ignore|disable|enable|lint)/,
  /(?:istanbul|c8|v8|node:coverage) (?:ignore|disable|enable)|Stryker (?:disable|restore)|jsx?hint\b|(?:globals?|exported) (?:[\w$:]+(?:,\s*[\w$:]+)+|[a-z]+[A-Z]\w*)$/,
  /@(?:flow|jsx\w*|license|preserve|vite-ignore|vitest-environment|jest-environment)\b|[@#]__\w+__|(?:webpack|turbopack)\w+:|sourceMappingURL=|sourceURL=/,
  /\$Flow\w+|flowlint(?:-line|-next-line)? [\w-]+:|flow strict(?:-local)?$|\$Expect(?:Type|Error)\b/,
  /<(?:reference|amd-module)\b/,
  // Python.
  /noqa\b|type: ?(?:ignore|\()|pylint:|pyright:|mypy:|ruff:|flake8[: ]|isort:|yapf:|fmt: ?(?:on|off|skip)|pragma:? |#?nosec\b|bandit:|-\*-|(?:-- )?coding[:=]|doctest:/,
  /pyre-(?:ignore|fixme|strict|unsafe)\b|cython: ?\w+ ?=|distutils: ?\w+ ?=|nopycln:|no-cov\b/,
  // Types in reStructuredText's fields.
  /:(?:type|vartype|kwtype|paramtype) [^:]+:|:rtype:/,
  // C, C++, C#, Java, Kotlin, Go, Rust, Swift, PHP, Ruby, shells …
  /NOLINT|nolint\b|clang-(?:format|tidy)|IWYU pragma|cppcheck-|coverity\[|lint [-!]|FALLTHRU$|FALLTHROUGH$|[Ff]alls?[ -]?through$|NOSONAR|NOPMD|CHECKSTYLE|@formatter:|@?noinspection |language=|\$NON-NLS|ReSharper |StyleCop|<auto-?generated/,
  /\*INDENT-O(?:N|FF)\*|PRQA |polyspace[<:-]|parasoft-|codechecker_|clazy:|\{ dg-\w|(?:RUN|CHECK(?:-[A-Z\d]+)*): (?!(?:is|are|that|the|an?|if|whether|why|this)\b)|(?:XFAIL|REQUIRES|UNSUPPORTED): \S+$/,
  /go:\w|\+build |\+[a-z][\w.-]*(?:[:=]\S*)?$|\+(?:goose|migrate) |line \S+:\d|export \w+$|golangci|lint:ignore |swagger:[a-z]|Code generated .*DO NOT EDIT|rustfmt|swiftlint:|swift-format-|swift-tools-version|sourcery:|ktlint-|detekt:|@Suppress/,
  /rubocop:|frozen_string_literal:|encoding: ?(?:utf|UTF|ascii|ASCII|iso|latin)|typed: ?(?:true|false|strict|strong|ignore)|phpcs:|phpstan|psalm|@codingStandards|@phpstan|@psalm|@phan-|php-cs-fixer:|shellcheck /,
  /warn_indent:|sorbet:|sord (?:omit|infer|warn|duck)\b|@!\w|compile-flags:|ignore-tidy-|tarpaulin ignore|grcov-excl-|(?:run|check|build)-(?:pass|fail)$/,
  /luacheck:|stylua:|selene:|swiftformat:|bats \w+=|chkconfig:|(?:BEGIN|END) INIT INFO$|(?:Provides|(?:Required|Should|Default)-(?:Start|Stop)):|@raycast\.|purgecss (?:(?:start|end) )?ignore|autoprefixer(?: grid)?:|postcss-bem-linter:/,
  /build:\w+ |end(?:build|inject)$|htmlhint [\w-]+:|ko \w+:/,
  // Everywhere.
  /renovate:|x-release-please-|(?:> ?)?statement-breakpoint$/,
  // `tool: ignore`, `tool:disable Rule`, `tool-ignore-next-line`; “re-enable it” and “add-on” are words.
  /(?!(?:todo|fixme|note|default)\b)[a-z][\w.-]*: ?(?:ignore|disable|enable|skip(?:_file)?|off|on)(?:$|[[(=:])/,
  /[a-z][\w.-]*:(?:ignore|disable|enable|skip)\b/,
  /(?!(?:re|auto|pre|un|non|self)-)[a-z][\w.-]*-(?:ignore|disable|enable|skip)(?:$|[[(=:]|-\w)/,
  /#?(?:end)?region\b|#?pragma\b|SPDX-|REUSE-|cspell:|spell-?checker:|codespell:|markdownlint-|textlint-|yaml-language-server|yamllint |\$schema|syntax=|escape=|hadolint |checkov:|trivy:|tfsec:|kics-|nosemgrep|lgtm\[|codeql\[|semgrep|gitleaks:|allow-secret/,
  /(?:vim?|ex): ?(?:set?\s|\w+=)|Local Variables:|End:$|!\/|\$(?:Id|Revision|Date|Author|Header|Source|Locker|State|Log|RCSfile)\b|Revision \d+(?:\.\d+)+\s+\d{4}[/-]\d\d[/-]\d\d\b/,
  // What a bracket closes.
  /(?:end )?namespace [\w:]+$|(?:end )?(?:extern "C"|anonymous namespace)$/,
  /\[(?:\[?doctest|snippet|START|END) /,
]);

/** Lines that a tool tells by a sign that their text follows at once: `#SBATCH`, `--!strict`, `//~ ERROR`. */
const signedDirectives = beginningWith([
  // Schedulers of jobs, zsh, PowerShell.
  /#(?:SBATCH|PBS|BSUB|MSUB|COBALT) |#(?:compdef \w|autoload(?:$| -))|#[Rr]equires -/,
  /--!(?:strict|nonstrict|nocheck|native|optimize)\b/,
  /--(?:liquibase formatted |changeset \S+:\S|rollback .*;$|precondition(?:s |-))/,
  // Rust's own tests.
  /\/\/~[|^v]* ?(?:ERROR|WARN|NOTE|HELP|SUGGESTION)|\/\/@ [a-z][\w-]*(?::|$)/,
]);

/** Lines that a tool for one language reads, and that say something in others. */
const directivesOfLanguage: Readonly<Partial<Record<string, RegExp>>> = {
  // Swag's, but `@Summary` and `@Description`.
  go: /^@(?:param|success|failure|response|header|(?:deprecated)?router|tags?|accept|produce|security\w*|id|x-[\w-]+|title|version|termsofservice|contact|license|host|basepath|schemes|query|in|name|tokenurl|authorizationurl|scope|externaldocs|description\.\w+)(?:[.\s]|$)/i,
  // The head of a module, but its description.
  haskell: /^(?:Module|Copyright|Licen[cs]e|Maintainer|Stability|Portability)\s*: /,
  // Settings that were commented out among what is said of them.
  yaml: /^(?:- )?(?!(?:todo|fixme|note|see|example|default)\b)["']?[a-z][\w./-]*["']?:\s+(?:\S+|"[^"]*"|'[^']*'|[[{].*[\]},[{])(?:\s+#.*)?$/,
  // By which sqlc, aiosql and HugSQL find a query.
  sql: /^(?:name: ?\S+(?: +:\w+)*$|:(?:name|snip) )/,
};

/** Tags of documentation with names, addresses and versions behind them. */
const namingTags =
  /^[@\\](?:see|link|author|since|version|module|name|type|typedef|extends|implements|augments|memberof|namespace|kind|access|public|private|protected|alpha|beta|override|readonly|default(?:Value)?|file(?:name)?|ingroup|addtogroup|defgroup|relates|sa|ref|anchor|snippet|include|image|dot|msc|cite|copydoc|inheritDoc|callback|event|fires|listens|mixes|mixin|alias|overload|requires|package|category|hidden|constructor|class|enum|function|method|static|abstract|async|generator|global|instance|inner|lends|license|copyright|variation|serial(?:Data|Field)?|hide|covers|dataProvider|group|depends|uses)\b/;

/** Tags of LuaLS and roxygen whose arguments are code. */
const codeTags =
  /^@(?:diagnostic|generic|cast|operator|meta|nodiscard|source|as|import\w*|export\w*|inherit(?:Params|DotParams|Section)|rdname|useDynLib|docType|keywords|aliases)\b/;

/** @returns whether a line of a comment is there for a tool */
export function isForTools(content: string, { lead = '', languageId = '' }: LineContext = {}): boolean {
  return (
    directives.test(content.replace(/^[#@]\s+/, '')) ||
    namingTags.test(content) ||
    codeTags.test(content) ||
    signedDirectives.test(lead.trimStart() + content) ||
    directivesOfLanguage[languageId]?.test(content) === true
  );
}

/** What licences and notices of rights say, and little else does. */
const terms =
  /\bcopyright\b|©|\(c\) ?(?:19|20)\d\d|\ball rights reserved\b|\bspdx-license|\blicen[sc]ed? (?:under|to|by|is|agreement|terms|file)\b|\bunder the (?:terms|license|licence|apache|mit|bsd|gnu|mozilla|gpl|lgpl|agpl)\b|\b(?:apache|mit|bsd|isc|mozilla public|eclipse public|gnu (?:lesser |affero )?general public|boost software) licen[sc]e\b|\blicen[sc]e,? version \d|\bpermission (?:is|to) (?:hereby|use|granted)\b|\bwithout (?:any )?warrant|\bwarrant(?:y|ies) of\b|\bas is\b.*\b(?:basis|warrant|without)|"as is"|\bredistributions?\b|\bredistribute it and\/or\b|\bfree software foundation\b|\bshall (?:be included|not be used)\b|\bin no event shall\b|\bliab(?:le|ility)\b.*\bdamages\b|\bterms and conditions\b|\bobtain a copy of the license\b|\bsee the (?:license|licence|copying|notice) (?:file|for)\b|\bunless required by applicable law\b|\bor \(at your option\) any later version\b|\borigin of this software must not be misrepresented\b|\baltered source versions must\b|\bthis notice may not be removed\b|\bdistributed under (?:the )?\w+(?: style)? licen[sc]e\b|\bsee accompanying file licen[sc]e\b|\bpublic domain\b|\bthis (?:program|library|file|software|source code) is (?:free software|distributed|licensed|part of|provided|subject)\b|\byou (?:should have received|may not use this file|may obtain)\b|\bgeneral public licen[sc]e\b|\burheberrecht|\balle rechte vorbehalten|\blizenziert unter|版权所有|许可证/i;

/** Whether a paragraph is part of a licence or says who owns the file. */
export function isLicence(paragraph: string): boolean {
  return terms.test(paragraph.slice(0, 5000));
}
