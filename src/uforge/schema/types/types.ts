import { accountTypes } from './accountTypes.ts';
import { applianceTypes } from './applianceTypes.ts';
import { commonTypes } from './commonTypes.ts';
import { deploymentTypes } from './deploymentTypes.ts';
import { imageTypes } from './imageTypes.ts';
import { installTypes } from './installTypes.ts';
import { resourceTypes } from './resourceTypes.ts';
import { scanTypes } from './scanTypes.ts';
import { softwareTypes } from './softwareTypes.ts';
import { systemTypes } from './systemTypes.ts';
import { userTypes } from './userTypes.ts';

/**
 * The complex types of UForge 3.8 that its operations use, as data: what the codec writes, what the checker
 * knows and what `Dto` is computed from. Source: uforge.xsd of the API documentation.
 *
 * A field's value is its type: an XSD built-in, another row's name, `[item element, item type]` for a list in
 * its wrapper, or `values` for a string with a closed list. The order of the fields is the order of the
 * schema; inherited fields come first. Rows with a dot in their name are anonymous types of the schema.
 */
export const types = {
  ...commonTypes,
  ...imageTypes,
  ...applianceTypes,
  ...installTypes,
  ...systemTypes,
  ...softwareTypes,
  ...accountTypes,
  ...resourceTypes,
  ...deploymentTypes,
  ...scanTypes,
  ...userTypes,
};
