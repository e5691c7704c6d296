// How many times as fast ours is as PyTorch on the same shapes: above 1, ours is the faster.

const round = (value) => Number(value.toPrecision(3));

/** Of what both have measured; undefined where PyTorch has measured nothing. */
export function ratiosOf({ gemm, training = [], pytorch }) {
  if (!pytorch?.gemm && !pytorch?.training) return undefined;
  const theirs = (results, precision) => results?.find((one) => one.precision === precision);
  const compare = (ours, of) =>
    Object.fromEntries(
      ['float32', 'bfloat16'].flatMap((precision) => {
        const other = of(precision);
        return ours > 0 && other > 0 ? [[precision, round(ours / other)]] : [];
      }),
    );
  const isSame = (a, b) => ['rows', 'inner', 'columns'].every((name) => a[name] === b[name]);
  return {
    gemm: (gemm?.results ?? []).map((one) => {
      const { rows, inner, columns, teraflops } = one;
      const same = pytorch.gemm?.results.filter((other) => isSame(one, other));
      return {
        rows,
        inner,
        columns,
        ...compare(teraflops, (precision) => theirs(same, precision)?.teraflops),
      };
    }),
    training: training.map(({ preset, batchTokens, precision, targetTokensPerSecond }) => {
      const same = pytorch.training?.find(
        (other) => other.preset === preset && other.batchTokens === batchTokens,
      );
      const of = (precision) => theirs(same?.results, precision)?.targetTokensPerSecond;
      return { preset, batchTokens, precision, ...compare(targetTokensPerSecond, of) };
    }),
  };
}
