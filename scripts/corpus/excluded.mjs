// What is never made part of a corpus: texts kept for judging, licences that do not fit, lists of names.

/** Kept unseen, to judge models on: git, wget, Meld, Builder, Dolphin and what belongs to them, a handbook. */
const judgedOn =
  /^(?:git|git-.+|gitk|gitg|gitweb|meld|gnome-builder.*|dolphin|dolphin4|dolphin-(?:dev|plugins|nextcloud|owncloud)|libdolphinvcs\w*|wget|debian-handbook)$/;
/** AGPL-3. */
const licence = /^(?:mnemosyne.*|pyhoca-gui|gnunet.*)$/;
/** Catalogues of countries, languages, currencies, places and time zones. */
const nameLists = /^(?:iso[-_]\d.*|iso_.*|libgweather.*|gweather.*|tzdata|kgeography.*|worldclock.*)$/;

/**
 * A sentence's end that says why a package, or a page or catalogue of that name, is left out.
 * @param {string} name
 * @returns {string | undefined}
 */
export function whyExcluded(name) {
  if (judgedOn.test(name)) return 'is kept unseen for judging models';
  if (licence.test(name)) return 'is under the AGPL, version 3';
  if (nameLists.test(name)) return 'is a list of names';
  return undefined;
}
