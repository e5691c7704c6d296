// The invariants of the house, as far as imports show them. `npm run architecture` checks them, types included;
// test/unit/architecture.test.ts breaks each rule once.

/** Rooms of models/ in the order in which imports run: each may use the ones after it. */
const ladder = [
  ['cli', '^models/(cli\\.ts$|commands/)'],
  ['engine', '^models/engine/'],
  ['devices', '^models/devices/'],
  ['training', '^models/training/'],
  ['inference', '^models/inference/'],
  ['storage', '^models/storage/'],
  ['transformer', '^models/transformer/'],
  ['graph', '^models/graph/'],
];

/** Rooms that stand beside the ladder and know nothing of it. */
const beside = '^models/(data|text|evaluation|runtime)/';

const everyRoom = [...ladder.map(([, path]) => path), beside, '^models/userError\\.ts$'];

const oneWay = ladder.slice(1).map(([room, path], index) => ({
  name: `${room}-knows-nothing-above-it`,
  comment:
    'Inside models, imports run one way: cli, engine → devices → training → inference → storage → transformer → graph.',
  severity: 'error',
  from: { path },
  to: {
    path: ladder.slice(0, index + 1).map(([, above]) => above),
  },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle is one file in several pieces. Only types may refer to each other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-onnxruntime-outside-engines',
      comment:
        'session.run blocks the event loop: nothing under extension/ or webview/ reaches onnxruntime, not by a detour either.',
      severity: 'error',
      from: { path: '^(extension|webview)/' },
      to: { path: 'onnxruntime', reachable: true },
    },
    {
      name: 'onnxruntime-in-runtime-only',
      comment: 'Where tensors live is a secret of models/runtime.',
      severity: 'error',
      from: { path: '^models/', pathNot: '^models/runtime/' },
      to: { path: 'onnxruntime' },
    },
    {
      name: 'extension-uses-the-door-of-models',
      comment: 'The extension talks to an engine process; of models it imports only engine/protocol.ts.',
      severity: 'error',
      from: { path: '^extension/' },
      to: { path: '^models/', pathNot: '^models/engine/protocol\\.ts$' },
    },
    {
      name: 'the-door-brings-no-room-along',
      comment: 'What engine/protocol.ts imports would be bundled into the extension host.',
      severity: 'error',
      from: { path: '^models/engine/protocol\\.ts$' },
      to: { path: '^models/' },
    },
    {
      name: 'extension-uses-the-doors-of-webview',
      comment:
        'Of a webview the extension imports only its messages.ts (components/messages.ts: what doors have in common), and how numbers are written.',
      severity: 'error',
      from: { path: '^extension/' },
      to: { path: '^webview/', pathNot: '^webview/([^/]+/messages|training/numbers/format)\\.ts$' },
    },
    {
      name: 'webview-stands-alone',
      comment: 'A webview knows its host only through its own messages.ts.',
      severity: 'error',
      from: { path: '^webview/' },
      to: { path: '^(extension|models)/' },
    },
    {
      name: 'webview-is-a-browser',
      comment: 'There is no Node in a webview.',
      severity: 'error',
      from: { path: '^webview/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'vscode-in-extension-only',
      comment: 'Only the extension host has the vscode module; a webview has acquireVsCodeApi.',
      severity: 'error',
      from: { pathNot: '^extension/' },
      to: { path: '^(node_modules/@types/)?vscode($|/)' },
    },
    {
      name: 'models-know-no-window',
      comment: 'The models run in a terminal too.',
      severity: 'error',
      from: { path: '^models/' },
      to: { path: '^(extension|webview)/' },
    },
    ...oneWay,
    {
      name: 'rooms-beside-stay-beside',
      comment:
        'data, text, evaluation and runtime import none of cli, engine, devices, training, inference, storage, transformer and graph.',
      severity: 'error',
      from: { path: beside },
      to: { path: ladder.map(([, path]) => path) },
    },
    {
      name: 'graphs-are-not-run-where-they-are-built',
      comment: 'graph and transformer describe; training and inference run, through models/runtime.',
      severity: 'error',
      from: { path: '^models/(graph|transformer)/' },
      to: { path: '^models/runtime/' },
    },
    {
      name: 'graph-stands-alone',
      comment: 'The graph builder knows nothing of what is built with it.',
      severity: 'error',
      from: { path: '^models/graph/' },
      to: { path: '^models/(data|text|evaluation)/' },
    },
    {
      name: 'every-room-has-its-place',
      comment: 'A new room of models/ must be placed above before it imports anything.',
      severity: 'error',
      from: { path: '^models/', pathNot: everyRoom },
      to: {},
    },
    {
      name: 'imports-resolve',
      comment:
        'A rule says nothing about an import that leads nowhere. (vscode is there inside VS Code only.)',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // An import of a type ties two rooms together too.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
