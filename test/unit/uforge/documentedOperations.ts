/** An operation as the documentation has it. */
export interface Documented {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  /** A root element, `bytes`, or undefined. */
  readonly request: string | undefined;
  readonly response: string | undefined;
  readonly codes: readonly number[];
  readonly entitlements: readonly string[];
  readonly anonymous: boolean;
}

/**
 * Copied from the API documentation of UForge 3.8 (application.wadl; the codes are from the pages), apart from
 * the table in src/: name, method, path, query, request, response, codes, entitlements. `search` stands for the five
 * parameters of a search. One answer is from hammr, because the documentation has none: that of appliance_import.
 */
const rows = `
platformTool_getSoftware GET /orgs/{oid}/platformtools/{sbid}/pkgs lastPkgUpdate - packages 200/304 image_generate
machineImage_deleteAll DELETE /users/{uid}/appliances/{aid}/images - - - 204/200 appliance_create
machineImage_getAll GET /users/{uid}/appliances/{aid}/images search - images 200/304 appliance_create
machineImage_generate POST /users/{uid}/appliances/{aid}/images - image image 201 image_generate
machineImage_getPlatformTools GET /users/{uid}/appliances/{aid}/images/platformtools/{tfid} - - softwareBundles 200/304 image_generate
machineImageStatus_getAll GET /users/{uid}/appliances/{aid}/images/statuses - - statuses 200/304 appliance_create
machineImage_delete DELETE /users/{uid}/appliances/{aid}/images/{itid} - - - 204/200 appliance_create
machineImage_get GET /users/{uid}/appliances/{aid}/images/{itid} - - image 200/304 appliance_create
machineImage_regenerate POST /users/{uid}/appliances/{aid}/images/{itid} force - image 201 image_generate
machineImage_download GET /users/{uid}/appliances/{aid}/images/{itid}/downloads downloadId - bytes 200/304 anonymous
machineImage_downloadFile GET /users/{uid}/appliances/{aid}/images/{itid}/downloads/{fileName} downloadId - bytes 200/304 anonymous
machineImageFile_download GET /users/{uid}/appliances/{aid}/images/{itid}/files/{filepath} - - bytes 200/304 -
applianceImage_publish POST /users/{uid}/appliances/{aid}/images/{itid}/pimages - publishImage publishImage 201 image_publish
machineImagePublished_delete DELETE /users/{uid}/appliances/{aid}/images/{itid}/pimages/{pitid} - - - 204/200 image_publish
machineImagePublished_get GET /users/{uid}/appliances/{aid}/images/{itid}/pimages/{pitid} - - publishImage 200/304 -
machineImagePublish_cancel DELETE /users/{uid}/appliances/{aid}/images/{itid}/pimages/{pitid}/cancel - - status 204/200 image_publish
machineImagePublished_deploy POST /users/{uid}/appliances/{aid}/images/{itid}/pimages/{pitid}/deploys - deployment deployment 201 deployments_access
machineImagePublishedStatus_get GET /users/{uid}/appliances/{aid}/images/{itid}/pimages/{pitid}/status - - status 200/304 image_publish
machineImagePkg_getAll GET /users/{uid}/appliances/{aid}/images/{itid}/pkgs - - imagePkgs 200/304 appliance_create
machineImageGeneration_cancel DELETE /users/{uid}/appliances/{aid}/images/{itid}/status - - status 204/200 image_generate
machineImageStatus_get GET /users/{uid}/appliances/{aid}/images/{itid}/status - - status 200/304 appliance_create
machineImagePublished_deleteAll DELETE /users/{uid}/appliances/{aid}/pimages - - - 204/200 appliance_create
machineImagePublished_getAll GET /users/{uid}/appliances/{aid}/pimages - - publishImages 200/304 appliance_create
machineImage_publish POST /users/{uid}/appliances/{aid}/pimages - publishImage publishImage 201 image_publish
machineImagePublishedStatus_getAll GET /users/{uid}/appliances/{aid}/pimages/statuses - - statuses 200/304 appliance_create
machineImagePublished_download GET /users/{uid}/appliances/{aid}/pimages/{pitid}/downloads id - bytes 200/304 anonymous
pxeBootScript_download GET /users/{uid}/pxe - - bytes 200/304 -
scanImage_getPlatformTools GET /users/{uid}/scannedinstances/{siid}/scans/{sid}/images/platformtools/{tfid} - - softwareBundles 200/304 image_generate
scanPublishedImage_deploy POST /users/{uid}/scannedinstances/{siid}/scans/{sid}/images/{itid}/pimages/{pitid}/deploys - deployment deployment 201 deployments_access
uforgeStatus_get GET /status - - serviceStatus 200/304 anonymous
user_get GET /users/{uid} - - user 200/304 -
userOrg_getAll GET /users/{uid}/orgs name - orgs 200/304 -
userQuotas_get GET /users/{uid}/quotas - - quotas 200/304 -
userUsage_get GET /users/{uid}/usage search - statTickets 200/304 -
userStats_get GET /users/{uid}/stats - - userStats 200/304 -
userMachineImage_getAll GET /users/{uid}/images img - images 200/304 image_generate
userMachineImageStatus_get GET /users/{uid}/images/status img - statuses 200/304 image_generate
userMachineImagePublished_getAll GET /users/{uid}/pimages img - publishImages 200/304 image_generate
userMachineImagePublishedStatus_getAll GET /users/{uid}/pimages/status img - statuses 200/304 image_generate
appliance_getAll GET /users/{uid}/appliances search - appliances 200/304 appliance_create
appliance_get GET /users/{uid}/appliances/{aid} - - appliance 200/304 appliance_create
appliance_create POST /users/{uid}/appliances - appliance appliance 201 appliance_create
appliance_update PUT /users/{uid}/appliances/{aid} - appliance appliance 200 appliance_create
appliance_delete DELETE /users/{uid}/appliances/{aid} force - - 204/200 appliance_create
appliance_clone POST /users/{uid}/appliances/{aid}/clones - appliance appliance 201 appliance_create
applianceOSProfile_create POST /users/{uid}/appliances/{aid}/osprofile - distribProfile distribProfile 201 appliance_create
applianceOSProfile_get GET /users/{uid}/appliances/{aid}/osprofile/{osid} - - distribProfile 200/304 appliance_create
applianceOSProfile_delete DELETE /users/{uid}/appliances/{aid}/osprofile/{osid} - - - 204/200 appliance_create
applianceOSProfilePkg_getAll GET /users/{uid}/appliances/{aid}/osprofile/{osid}/pkgs - - packages 200/304 appliance_create
applianceOSProfilePkg_updateAll PUT /users/{uid}/appliances/{aid}/osprofile/{osid}/pkgs - packages packages 200 appliance_create
installProfile_getDeprecated GET /users/{uid}/appliances/{aid}/installProfile - - installProfile 200/304 appliance_create
installProfile_updateDeprecated PUT /users/{uid}/appliances/{aid}/installProfile - installProfile installProfile 200 appliance_create
installProfile_get GET /users/{uid}/appliances/{aid}/installProfile/{ipid} - - installProfile 200/304 appliance_create
installProfile_update PUT /users/{uid}/appliances/{aid}/installProfile/{ipid} - installProfile installProfile 200 appliance_create
partitionTableDisk_getAll GET /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks search - disks 200/304 appliance_create
partitionTableDisk_create POST /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks - disk disk 201 appliance_create
partitionTableDiskPartition_getAll GET /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did}/partitions search - partitions 200/304 appliance_create
partitionTableDiskPartition_create POST /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did}/partitions - partition partition 201 appliance_create
nic_getAll GET /users/{uid}/appliances/{aid}/installProfile/{ipid}/nics search - nics 200/304 appliance_create
nic_create POST /users/{uid}/appliances/{aid}/installProfile/{ipid}/nics - nic nic 201 appliance_create
applianceMySoftware_getAll GET /users/{uid}/appliances/{aid}/mysoftware - - mySoftwareList 200/304 appliance_create
applianceProject_getAll GET /users/{uid}/appliances/{aid}/projects - - projects 200/304 appliance_create
userTargetFormat_getAll GET /users/{uid}/targetformats search - targetFormats 200/304 image_generate
userTargetPlatforms_getAll GET /users/{uid}/targetplatforms search - targetPlatforms 200/304 image_generate
userTargetPlatformFormat_getAll GET /users/{uid}/targetplatforms/{tpid}/targetformats search - targetFormats 200/304 image_generate
userFormats_getAll GET /users/{uid}/formats search - imageFormats 200/304 appliance_create
targetFormat_getAll GET /orgs/{oid}/targetformats search - targetFormats 200/304 org_formats_administrate
targetFormat_get GET /orgs/{oid}/targetformats/{tfid} - - targetFormat 200/304 -
targetPlatform_getAll GET /orgs/{oid}/targetplatforms search - targetPlatforms 200/304 org_formats_administrate
targetPlatform_get GET /orgs/{oid}/targetplatforms/{tpid} - - targetPlatform 200/304 -
cloudAccount_getAll GET /users/{uid}/accounts search - credAccounts 200/304 -
cloudAccount_get GET /users/{uid}/accounts/{caid} - - credAccount 200/304 -
cloudAccount_create POST /users/{uid}/accounts - credAccount credAccount 201 cloud_account_create
cloudAccount_update PUT /users/{uid}/accounts/{caid} - credAccount credAccount 200 cloud_account_create,cloud_account_edit
cloudAccount_delete DELETE /users/{uid}/accounts/{caid} - - - 204/200 cloud_account_delete
cloudAccountResources_get GET /users/{uid}/accounts/{caid}/resources - - credAccountResources 200/304 image_publish,migration_publish
userOS_getAll GET /users/{uid}/distros search - distributions 200/304 appliance_create
os_getAll GET /distributions search - distributions 200/304 appliance_create
os_get GET /distributions/{id} - - distribution 200/304 appliance_create
osPkg_getAll GET /distributions/{id}/pkgs search,latestOnly - packages 200/304 appliance_create
osPkg_get GET /distributions/{id}/pkgs/{pid} - - package 200/304 appliance_create
osTemplate_getAll GET /distributions/{id}/profiles search - distribProfiles 200/304 appliance_create
osTemplate_get GET /distributions/{id}/profiles/{prid} - - distribProfile 200/304 appliance_create
apiKey_getAll GET /users/{uid}/apikeys - - apiKeyPairs 200/304 api_key_access
apiKey_create POST /users/{uid}/apikeys - apiKeyPair apiKeyPair 201 api_key_access
apiKey_update PUT /users/{uid}/apikeys/{akid} - apiKeyPair apiKeyPair 200 api_key_access
apiKey_delete DELETE /users/{uid}/apikeys/{akid} - - - 204/200 api_key_access
appliance_import POST /users/{uid}/imports imported,force,reuseBundles,useMajor - applianceImport 201 appliance_create
applianceImport_upload POST /users/{uid}/imports/{iid}/uploads - bytes status 201 appliance_create
applianceImportStatus_get GET /users/{uid}/imports/{iid}/status - - status 200/304 appliance_create
applianceImport_getAllStatus GET /users/{uid}/imports/statuses ai - statuses 200/304 appliance_create
applianceImport_get GET /users/{uid}/imports/{iid} - - applianceImport 200/304 appliance_create
applianceImport_getAll GET /users/{uid}/imports search - applianceImports 200/304 appliance_create
applianceImport_delete DELETE /users/{uid}/imports/{iid} - - - 204/200 appliance_create
appliance_export POST /users/{uid}/appliances/{aid}/exports outputFormat - applianceExport 201 appliance_create
applianceExport_get GET /users/{uid}/appliances/{aid}/exports/{eid} - - applianceExport 200/304 appliance_create
applianceExportStatus_get GET /users/{uid}/appliances/{aid}/exports/{eid}/status - - status 200/304 appliance_create
applianceExport_download GET /users/{uid}/appliances/{aid}/exports/{eid}/downloads - - bytes 200/304 appliance_create
applianceExport_delete DELETE /users/{uid}/appliances/{aid}/exports/{eid} - - - 204/200 appliance_create
deployment_getAll GET /users/{uid}/deployments - - deployments 200/304 deployments_access
deployment_get GET /users/{uid}/deployments/{did} - - deployment 200/304 deployments_access
deployment_getDeployStatus GET /users/{uid}/deployments/{did}/status - - status 200/304 deployments_access
deployment_terminate DELETE /users/{uid}/deployments/{did} - - - 204/200 deployments_access
applianceBootScript_getAll GET /users/{uid}/appliances/{aid}/bootscripts search - bootScripts 200/304 appliance_create
applianceBootScript_create POST /users/{uid}/appliances/{aid}/bootscripts - bootScript bootScript 201 appliance_create
applianceBootScript_deleteAll DELETE /users/{uid}/appliances/{aid}/bootscripts id,type,name - - 204/200 appliance_create
applianceBootScript_get GET /users/{uid}/appliances/{aid}/bootscripts/{bsid} - - bootScript 200/304 appliance_create
applianceBootScript_update PUT /users/{uid}/appliances/{aid}/bootscripts/{bsid} - bootScript bootScript 200 appliance_create
applianceBootScript_delete DELETE /users/{uid}/appliances/{aid}/bootscripts/{bsid} - - - 204/200 appliance_create
applianceBootScript_download GET /users/{uid}/appliances/{aid}/bootscripts/{bsid}/bin downloadId - bytes 200/304 anonymous
applianceBootScript_downloadFile GET /users/{uid}/appliances/{aid}/bootscripts/{bsid}/bin/{fileName} downloadId - bytes 200/304 anonymous
applianceBootScript_upload POST /users/{uid}/appliances/{aid}/bootscripts/{bsid}/bin/{fileName} - bytes bootScript 201 appliance_create
nic_updateList PUT /users/{uid}/appliances/{aid}/installProfile/{ipid}/nics - nics nics 200 appliance_create
nic_get GET /users/{uid}/appliances/{aid}/installProfile/{ipid}/nics/{nid} - - nic 200/304 appliance_create
nic_update PUT /users/{uid}/appliances/{aid}/installProfile/{ipid}/nics/{nid} - nic nic 200 appliance_create
nic_delete DELETE /users/{uid}/appliances/{aid}/installProfile/{ipid}/nics/{nid} - - - 204/200 appliance_create
installProfileUser_getAll GET /users/{uid}/appliances/{aid}/installProfile/{ipid}/users - - osUsers 200/304 appliance_create
installProfileUser_create POST /users/{uid}/appliances/{aid}/installProfile/{ipid}/users - osUser osUser 201 appliance_create
installProfileUser_deleteAll DELETE /users/{uid}/appliances/{aid}/installProfile/{ipid}/users - - - 204/200 appliance_create
installProfileUser_get GET /users/{uid}/appliances/{aid}/installProfile/{ipid}/users/{osuid} - - osUser 200/304 appliance_create
installProfileUser_update PUT /users/{uid}/appliances/{aid}/installProfile/{ipid}/users/{osuid} - osUser osUser 200 appliance_create
installProfileUser_delete DELETE /users/{uid}/appliances/{aid}/installProfile/{ipid}/users/{osuid} - - - 204/200 appliance_create
installProfileGroup_getAll GET /users/{uid}/appliances/{aid}/installProfile/{ipid}/groups - - osGroups 200/304 appliance_create
installProfileGroup_create POST /users/{uid}/appliances/{aid}/installProfile/{ipid}/groups - osGroup osGroup 201 appliance_create
installProfileGroup_deleteAll DELETE /users/{uid}/appliances/{aid}/installProfile/{ipid}/groups - - - 204/200 appliance_create
installProfileGroup_get GET /users/{uid}/appliances/{aid}/installProfile/{ipid}/groups/{osgid} - - osGroup 200/304 appliance_create
installProfileGroup_update PUT /users/{uid}/appliances/{aid}/installProfile/{ipid}/groups/{osgid} - osGroup osGroup 200 appliance_create
installProfileGroup_delete DELETE /users/{uid}/appliances/{aid}/installProfile/{ipid}/groups/{osgid} - - - 204/200 appliance_create
partitionTableDisk_deleteAll DELETE /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks - - - 204/200 appliance_create
partitionTableDisk_get GET /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did} - - disk 200/304 appliance_create
partitionTableDisk_update PUT /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did} - disk disk 200 appliance_create
partitionTableDisk_delete DELETE /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did} - - - 204/200 appliance_create
partitionTableDiskPartition_deleteAll DELETE /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did}/partitions - - - 204/200 appliance_create
partitionTableDiskPartition_get GET /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did}/partitions/{pid} - - partition 200/304 appliance_create
partitionTableDiskPartition_update PUT /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did}/partitions/{pid} - partition partition 200 appliance_create
partitionTableDiskPartition_delete DELETE /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did}/partitions/{pid} - - - 204/200 appliance_create
partitionTableDiskLogicalPartition_getAll GET /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did}/partitions/{pid}/lpartitions search - partitions 200/304 appliance_create
partitionTableDiskLogicalPartition_create POST /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did}/partitions/{pid}/lpartitions - partition partition 201 appliance_create
partitionTableDiskLogicalPartition_deleteAll DELETE /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did}/partitions/{pid}/lpartitions - - - 204/200 appliance_create
partitionTableDiskLogicalPartition_get GET /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did}/partitions/{pid}/lpartitions/{lpid} - - partition 200/304 appliance_create
partitionTableDiskLogicalPartition_update PUT /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did}/partitions/{pid}/lpartitions/{lpid} - partition partition 200 appliance_create
partitionTableDiskLogicalPartition_delete DELETE /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did}/partitions/{pid}/lpartitions/{lpid} - - - 204/200 appliance_create
partitionTableLogicalGroup_getAll GET /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/groups name - logicalGroups 200/304 appliance_create
partitionTableLogicalGroup_create POST /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/groups - logicalGroup logicalGroup 201 appliance_create
partitionTableLogicalGroup_deleteAll DELETE /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/groups - - - 204/200 appliance_create
partitionTableLogicalGroup_get GET /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/groups/{gid} - - logicalGroup 200/304 appliance_create
partitionTableLogicalGroup_update PUT /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/groups/{gid} - logicalGroup logicalGroup 200 appliance_create
partitionTableLogicalGroup_delete DELETE /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/groups/{gid} - - - 204/200 appliance_create
partitionTableLogicalVolume_getAll GET /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/volumes name - logicalVolumes 200/304 appliance_create
partitionTableLogicalVolume_create POST /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/volumes - logicalVolume logicalVolume 201 appliance_create
partitionTableLogicalVolume_deleteAll DELETE /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/volumes - - - 204/200 appliance_create
partitionTableLogicalVolume_get GET /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/volumes/{vid} - - logicalVolume 200/304 appliance_create
partitionTableLogicalVolume_update PUT /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/volumes/{vid} - logicalVolume logicalVolume 200 appliance_create
partitionTableLogicalVolume_delete DELETE /users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/volumes/{vid} - - - 204/200 appliance_create
softwareBundle_import POST /users/{uid}/bundleimports imported - softwareBundleImport 201 appliance_create
softwareBundleImport_get GET /users/{uid}/bundleimports/{sbid} - - softwareBundleImport 200/304 appliance_create
softwareBundleImportStatus_get GET /users/{uid}/bundleimports/{sbid}/status - - status 200/304 appliance_create
softwareBundleImport_upload POST /users/{uid}/bundleimports/{sbid}/uploads - bytes status 201 appliance_create
mySoftware_getAll GET /users/{uid}/mysoftware search,distribId - mySoftwareList 200/304 appliance_create
mySoftware_create POST /users/{uid}/mysoftware - mySoftware mySoftware 201 software_upload
mySoftware_get GET /users/{uid}/mysoftware/{msid} - - mySoftware 200/304 appliance_create
mySoftware_update PUT /users/{uid}/mysoftware/{msid} - mySoftware mySoftware 200 software_upload
mySoftware_delete DELETE /users/{uid}/mysoftware/{msid} - - - 204/200 software_upload
mySoftware_clone POST /users/{uid}/mysoftware/{msid}/clone - mySoftware mySoftware 201 software_upload
mySoftwareUsage_getAll GET /users/{uid}/mysoftware/{msid}/appliances - - appliances 200/304 appliance_create
mySoftwareArtifact_getAll GET /users/{uid}/mysoftware/{msid}/artifacts filename - softwareArtifacts 200/304 appliance_create
mySoftwareArtifact_add POST /users/{uid}/mysoftware/{msid}/artifacts - softwareArtifact softwareArtifact 201 software_upload
mySoftwareArtifact_deleteAll DELETE /users/{uid}/mysoftware/{msid}/artifacts - - - 204/200 software_upload
mySoftwareArtifact_get GET /users/{uid}/mysoftware/{msid}/artifacts/{said} - - softwareArtifact 200/304 appliance_create
mySoftwareArtifact_update PUT /users/{uid}/mysoftware/{msid}/artifacts/{said} recursive softwareArtifact softwareArtifact 200 software_upload
mySoftwareArtifact_delete DELETE /users/{uid}/mysoftware/{msid}/artifacts/{said} - - - 204/200 software_upload
mySoftwareArtifact_download GET /users/{uid}/mysoftware/{msid}/artifacts/{said}/bin downloadId - bytes 200/304 anonymous
mySoftwareArtifact_downloadFile GET /users/{uid}/mysoftware/{msid}/artifacts/{said}/bin/{fileName} downloadId - bytes 200/304 anonymous
mySoftwareArtifact_upload POST /users/{uid}/mysoftware/{msid}/artifacts/{said}/bin/{fileName} - bytes softwareArtifact 201 software_upload
mySoftware_export POST /users/{uid}/mysoftware/{msid}/exports outputFormat - softwareBundleExport 201 software_upload
mySoftwareExportStatus_get GET /users/{uid}/mysoftware/{msid}/exports/{eid}/status - - status 200/304 software_upload
mySoftwareExport_download GET /users/{uid}/mysoftware/{msid}/exports/{eid}/downloads - - bytes 200/304 software_upload
mySoftwareExport_delete DELETE /users/{uid}/mysoftware/{msid}/exports/{eid} - - - 204/200 software_upload
org_getAll GET /orgs - - orgs 200/304 org_administrate
org_get GET /orgs/{oid} - - org 200/304 appliance_create
category_getAll GET /orgs/{oid}/categories search - categories 200/304 anonymous
targetFormat_getAllTargetPlatforms GET /orgs/{oid}/targetformats/{tfid}/targetplatforms - - targetPlatforms 200/304 org_formats_administrate
targetPlatform_getAllFormats GET /orgs/{oid}/targetplatforms/{tpid}/targetformats - - targetFormats 200/304 org_formats_administrate
scanInstance_getAll GET /users/{uid}/scannedinstances search - scannedInstances 200/304 migration_access
migration_getAll GET /users/{uid}/migrations search - migrations 200/304 migration_access
entitlement_getAll GET /entitlements - - entitlements 200/304 org_administrate
primitiveFormat_getAll GET /orgs/{oid}/formats search - imageFormats 200/304 org_formats_administrate
orgOS_getAll GET /orgs/{oid}/distributions name,version,arch,info - distributions 200/304 appliance_create
userRoles_getAll GET /users/{uid}/roles - - roles 200/304 -
applianceExport_cancel DELETE /users/{uid}/appliances/{aid}/exports/{eid}/status - - status 204/200 appliance_create
`;

const search = ['query', 'descending', 'orderBy', 'count', 'offset'];

const listOf = (text: string): string[] => (text === '-' ? [] : text.split(','));
const optional = (text: string): string | undefined => (text === '-' ? undefined : text);

export const documentedOperations: readonly Documented[] = rows
  .trim()
  .split('\n')
  .map((row) => {
    const [name = '', method = '', path = '', query = '', request = '', response = '', codes = '', who = ''] =
      row.split(' ');
    return {
      name,
      method,
      path,
      query: listOf(query).flatMap((each) => (each === 'search' ? search : [each])),
      request: optional(request),
      response: optional(response),
      codes: codes.split('/').map(Number),
      entitlements: who === 'anonymous' ? [] : listOf(who),
      anonymous: who === 'anonymous',
    };
  });
