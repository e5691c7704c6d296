/**
 * A graphics card in software: SwiftShader, which Chromium brings along, by way of Vulkan's loader. Has to be imported
 * before onnxruntime first asks for a card.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

const folders = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];
const driver = folders.map((folder) => path.join(folder, 'vk_swiftshader_icd.json')).find(existsSync);
const loader = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib']
  .map((folder) => path.join(folder, 'libvulkan.so.1'))
  .find(existsSync);

if (driver !== undefined) process.env['VK_ICD_FILENAMES'] = driver;

/** Why there is none; undefined where there is one. */
export const missing =
  driver === undefined
    ? 'Chromium’s software driver of Vulkan is not installed'
    : loader === undefined
      ? 'Vulkan’s loader is not installed (Debian: libvulkan1)'
      : undefined;
