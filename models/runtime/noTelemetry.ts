/**
 * onnxruntime's own builds for Linux and macOS send events to Microsoft, and keep an identifier of the machine under
 * the home folder, unless this is set before its library is loaded (its Privacy.md, “Disabling Telemetry”). To be
 * imported before onnxruntime, wherever that is imported.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
