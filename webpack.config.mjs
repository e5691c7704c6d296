import path from 'node:path';

/**
 * One bundle a process, one a page. onnxruntime-node stays outside: it finds its native library beside itself.
 * The host suite is a bundle of its own, so that both of its launchers run the same compiled file.
 */
const root = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);

function bundle(name, entry, externals, folder = 'dist') {
  return {
    name,
    target: 'node20',
    entry: typeof entry === 'string' ? { [name]: entry } : entry,
    output: {
      path: path.join(root, folder),
      filename: '[name].js',
      // What import() reads later has the name that its place gives it.
      chunkFilename: '[name].js',
      library: { type: 'commonjs2' },
      devtoolModuleFilenameTemplate: '../[resource-path]',
    },
    resolve: { extensions: ['.ts', '.js'] },
    module: {
      rules: [
        {
          test: /\.ts$/,
          exclude: /node_modules/,
          use: {
            loader: 'swc-loader',
            options: { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } },
          },
        },
        { test: /eld[\\/]src[\\/]ngrams[\\/]/, use: path.join(root, 'scripts', 'packNgrams.mjs') },
        // What is imported is the file's name; it lies beside the bundle.
        { test: /\.wasm$/, type: 'asset/resource', generator: { filename: '[name][ext]', publicPath: '' } },
      ],
    },
    externals,
    optimization: { minimize: false, splitChunks: false },
    devtool: 'source-map',
    performance: { hints: false },
    stats: 'errors-warnings',
    // A rebuild replaces its own files only: other bundles share the folder.
    node: { __dirname: false, __filename: false },
  };
}

/** A script and a stylesheet for each page; a browser runs them, so they are made small. */
const pages = {
  name: 'pages',
  target: ['web', 'es2022'],
  entry: {
    attention: './webview/attention/main.ts',
    training: './webview/training/main.ts',
    curves: './webview/training/curves/main.ts',
  },
  output: {
    path: path.join(root, 'dist', 'webview'),
    filename: '[name].js',
    cssFilename: '[name].css',
    devtoolModuleFilenameTemplate: '../../[resource-path]',
  },
  resolve: { extensions: ['.ts', '.js'] },
  module: {
    rules: [
      {
        test: /\.ts$/,
        exclude: /node_modules/,
        use: {
          loader: 'swc-loader',
          options: { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } },
        },
      },
    ],
  },
  // A page's policy lets nothing load a map.
  devtool: false,
  performance: { hints: false },
  stats: 'errors-warnings',
};

/** The development pages' hosts, for tests, benchmarks and trying things out: vscode is a few lines there. */
const developmentPage = {
  ...pages,
  name: 'developmentPage',
  entry: { attentionHost: './test/pages/attentionHost.ts', trainingHost: './test/pages/trainingHost.ts' },
  output: { ...pages.output, path: path.join(root, 'out', 'pages') },
  resolve: { ...pages.resolve, alias: { vscode: path.join(root, 'test', 'pages', 'vscodeStub.ts') } },
  optimization: { minimize: false },
};

const native = { 'onnxruntime-node': 'commonjs onnxruntime-node' };
const inHost = { vscode: 'commonjs vscode', mocha: 'commonjs mocha' };

export default [
  // The extension starts its neighbour as a thread, which reads texts.
  bundle(
    'extension',
    { extension: './extension/main.ts', reading: './extension/prose/reading/thread.ts' },
    { vscode: 'commonjs vscode' },
  ),
  // An engine forks its neighbours, which read corpora and try devices out; so does the terminal's.
  bundle(
    'engine',
    {
      engine: './models/engine/main.ts',
      corpus: './models/data/process/main.ts',
      deviceProbe: './models/devices/probe/main.ts',
    },
    native,
  ),
  bundle('cli', './models/cli.ts', native),
  pages,
  // What the scripts that make corpora need of the product.
  bundle(
    'corpusLibraries',
    {
      atomic: './models/storage/atomic.ts',
      protectedSpans: './models/text/protectedSpans.ts',
      sentences: './models/text/sentences.ts',
    },
    {},
    'out',
  ),
  developmentPage,
  bundle('hostSuite', './test/host/index.ts', inHost, 'out'),
  bundle('wholeFileSuite', './test/host/whole/index.ts', inHost, 'out'),
  bundle('untrustedSuite', './test/host/untrusted/index.ts', inHost, 'out'),
  bundle('weightsBench', './test/bench/weights.ts', native, 'out'),
  bundle(
    'trainingBench',
    { trainingSteps: './test/bench/trainingSteps.ts', trainingProfile: './test/bench/trainingProfile.ts' },
    native,
    'out',
  ),
  bundle('decodingWorker', './test/bench/decodingWorker.ts', native, 'out'),
  bundle('costsBench', './test/bench/costs/costsBench.ts', native, 'out'),
  bundle('layersBench', './test/bench/layers/layersBench.ts', native, 'out'),
  // What `npm run bench:gpu` packs.
  bundle('gpuBench', { gpuBench: './test/bench/gpu/part.ts' }, native, 'out'),
  bundle('historyBench', './test/bench/histories.ts', {}, 'out'),
  bundle('spansBench', './test/bench/spans.ts', native, 'out'),
  bundle('translationBench', './test/bench/translation.ts', { vscode: 'commonjs vscode' }, 'out'),
  bundle('hoverBench', './test/bench/hover.ts', { vscode: 'commonjs vscode' }, 'out'),
];
