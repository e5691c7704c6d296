/** Sentences that the tests translate; the model that is shipped changes each of them. */
export const sentence = 'The file was saved on the server.';
export const another = 'Please open the settings and choose a language.';
export const german =
  'Die Datei konnte nicht auf dem Server gespeichert werden, weil kein Platz mehr frei ist.';
