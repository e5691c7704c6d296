/**
 * The tests that run inside an extension host whose workspace is not trusted.
 */
export { runSuites as run } from '../suite';
import './restrictedMode.test';
