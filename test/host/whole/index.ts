/** The tests in VS Code that take minutes, for `npm run test:long`. */
export { runSuites as run } from '../suite';
import './wholeFile.test';
