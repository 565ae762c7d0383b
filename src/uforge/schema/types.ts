import { accountTypes } from './types/accountTypes.ts';
import { applianceTypes } from './types/applianceTypes.ts';
import { commonTypes } from './types/commonTypes.ts';
import { deploymentTypes } from './types/deploymentTypes.ts';
import { imageTypes } from './types/imageTypes.ts';
import { installTypes } from './types/installTypes.ts';
import { resourceTypes } from './types/resourceTypes.ts';
import { scanTypes } from './types/scanTypes.ts';
import { softwareTypes } from './types/softwareTypes.ts';
import { systemTypes } from './types/systemTypes.ts';
import { userTypes } from './types/userTypes.ts';

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
