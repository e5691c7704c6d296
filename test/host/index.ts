/**
 * The tests that run inside VS Code's extension host. Both launchers (launch/) load this bundle and call `run`.
 * A new suite is imported here.
 */
export { runSuites as run } from './suite';
import './activation.test';
import './translateSelection.test';
import './keybindings.test';
import './destinations.test';
import './oddTexts.test';
import './devices.test';
import './documents.test';
import './notebooks.test';
import './grammars.test';
import './hover.test';
import './naming.test';
import './commentTranslate.test';
import './languages.test';
import './importModel.test';
import './training.test';
import './engineLife.test';
import './folderSettings.test';
// The last one: it tells of the network calls during all the others.
import './noNetwork.test';
