import { uforgeNamespace, xsiNamespace } from '../../uforge/codec/tree.ts';
import { targetFormats } from '../catalog/targetFormats.ts';
import type { Completion } from './completion.ts';
import { sentence, type Part } from '../../uforge/language/sentence.ts';

const declaration = `xmlns:ns0="${uforgeNamespace}"`;
const head = '<?xml version="1.0" encoding="UTF-8"?>';

/** Whole requests for an empty file. */
export function requestSnippets(offset: number): readonly Completion<Part>[] {
  const formats = targetFormats
    .filter(({ compress }) => compress)
    .map(({ name }) => name.replaceAll(/[,|]/g, ''));
  const snippet = (label: string, documentation: Part, lines: readonly string[]): Completion<Part> => ({
    label,
    kind: 'snippet',
    detail: 'UForge',
    documentation,
    insertText: lines.join('\n'),
    from: offset,
    to: offset,
  });
  return [
    snippet('image', sentence`A request for an image to download (machineImage_generate).`, [
      head,
      `<ns0:image ${declaration}>`,
      '\t<compress>true</compress>',
      '\t<targetFormat>',
      `\t\t<name>\${1|VirtualBox,${formats.filter((name) => name !== 'VirtualBox').join(',')}|}</name>`,
      '\t</targetFormat>',
      '\t<installProfile>',
      '\t\t<memorySize>${2:1024}</memorySize>',
      '\t</installProfile>',
      '</ns0:image>$0',
    ]),
    snippet('publishImage', sentence`A request to publish an image (machineImage_publish).`, [
      head,
      `<ns0:publishImage ${declaration} xmlns:xsi="${xsiNamespace}" xsi:type="ns0:\${1|PublishImageAws,PublishImageOpenStack,PublishImageAzure|}">`,
      '\t<parentUri>users/${2:me}/appliances/${3:1}</parentUri>',
      '\t<imageUri>users/${2:me}/appliances/${3:1}/images/${4:1}</imageUri>',
      '\t$0',
      '</ns0:publishImage>',
    ]),
  ];
}
