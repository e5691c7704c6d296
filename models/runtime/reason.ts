/** onnxruntime's reason for a failure, in one line and without the place in its sources. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [, reason = text] = /was false\. (.*)/s.exec(text) ?? [];
  return reason.split('\n')[0]!.trim().replace(/\.$/, '');
}
