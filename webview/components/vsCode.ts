/** VS Code as the browser gives it to a page; or, on a page outside of it, what that page has put in its place. */
import type { PageHost } from './messageBus';

declare function acquireVsCodeApi(): Omit<PageHost, 'listen'>;

/** It can be had once. */
export function vsCode(): PageHost {
  const api = acquireVsCodeApi();
  return {
    postMessage: (message) => api.postMessage(message),
    getState: () => api.getState(),
    setState: (state) => api.setState(state),
    listen: (receive) =>
      window.addEventListener('message', ({ data }: MessageEvent<unknown>) => receive(data)),
  };
}
