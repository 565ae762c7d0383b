import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { AgentMachines } from './agents/agentMachines.ts';
import { Accounts } from './editor/accounts/accountsMenu.ts';
import { RefusedLogins } from './editor/accounts/refusedLogins.ts';
import { signIn } from './editor/accounts/signIn.ts';
import { signOut } from './editor/accounts/signOut.ts';
import { createApi, type ApplianceForgeApi } from './editor/agents/extensionApi.ts';
import { LanguageModelTools } from './editor/agents/languageModelTools.ts';
import { McpServerOffer } from './editor/agents/mcpServer.ts';
import { windowHost } from './editor/agents/windowHost.ts';
import { Comparisons } from './editor/appliances/comparisonDocuments.ts';
import { pullAppliance } from './editor/appliances/pullAppliance.ts';
import { pushAppliance } from './editor/appliances/pushAppliance.ts';
import { Revisions } from './editor/appliances/revisions.ts';
import { AppliancesView } from './editor/appliances/tree.ts';
import { CloudAccountsView } from './editor/cloudAccounts/view.ts';
import { CommandRegistry } from './editor/commandRegistry.ts';
import { checkOnServer } from './editor/definitions/checkOnServer.ts';
import { DefinitionChecks } from './editor/definitions/checks.ts';
import { DefinitionDiagnostics } from './editor/definitions/diagnostics.ts';
import { moveToDebian } from './editor/definitions/moveToDebian.ts';
import { DefinitionQuickFixes } from './editor/definitions/quickFixes.ts';
import { ErrorReporter } from './editor/errors.ts';
import { openForm, openText } from './editor/form/openForm.ts';
import { RequestFormEditor } from './editor/form/requestFormEditor.ts';
import { Generator } from './editor/generate/generateImage.ts';
import { cancelImages } from './editor/images/cancelImage.ts';
import { deleteImages } from './editor/images/deleteImage.ts';
import { Downloads, explainNoDownload } from './editor/images/downloadImage.ts';
import { Arrangement } from './editor/images/list/arrangement.ts';
import { ImageFiles } from './editor/images/list/draggedFiles.ts';
import { ImageDrag } from './editor/images/list/dragImages.ts';
import { groupImages, filterImages } from './editor/images/list/groupAndFilter.ts';
import { OfflineMessage } from './editor/images/list/offlineMessage.ts';
import { RefreshImages } from './editor/images/list/refreshImages.ts';
import { imageRow, isRow } from './editor/images/list/rows.ts';
import { ImagesTree } from './editor/images/list/tree.ts';
import { ImagesView } from './editor/images/list/view.ts';
import { LogDocuments } from './editor/images/log/logDocument.ts';
import { notificationOf } from './editor/images/notifications/notificationText.ts';
import { Notifications } from './editor/images/notifications/notifications.ts';
import { openDefinition } from './editor/images/openDefinition.ts';
import { exportSbom } from './editor/images/packages/exportSbom.ts';
import { PackageDocuments } from './editor/images/packages/packageDocuments.ts';
import { regenerate } from './editor/images/regenerateImage.ts';
import { TicketMemento } from './editor/images/savedTickets.ts';
import { ImagesStatusBar } from './editor/images/statusBar.ts';
import { LinkHandler } from './editor/images/ticketLinks.ts';
import { TicketPages } from './editor/images/ticketPage/ticketPage.ts';
import { tellEndedWithWindow } from './editor/machines/endedWithWindow.ts';
import { MachinesOnDemand } from './editor/machines/machinesOnDemand.ts';
import { ActiveDefinition } from './editor/language/activeDefinition.ts';
import { RequestFormatting } from './editor/language/formatting.ts';
import { LanguageFeatures } from './editor/language/languageFeatures.ts';
import { OutlineFeatures } from './editor/language/outlineFeatures.ts';
import { ServerAnswers } from './editor/language/serverAnswers.ts';
import { TagFeatures } from './editor/language/tagFeatures.ts';
import {
  deploymentNotification,
  publicationNotification,
} from './editor/publications/publishedNotification.ts';
import { Publisher } from './editor/publications/publisher.ts';
import { RememberedTexts } from './editor/rememberedTexts.ts';
import { CredentialStore } from './editor/server/credentials.ts';
import { ServerHealth } from './editor/server/health.ts';
import { Knowledge } from './editor/server/knowledge.ts';
import { LocalForge } from './editor/server/localForge.ts';
import { selectServer } from './editor/server/selectServer.ts';
import { ServerInCharge } from './editor/server/serverInCharge.ts';
import { Servers } from './editor/server/servers.ts';
import { ServerStatusBar } from './editor/server/serverStatusBar.ts';
import { stopForge } from './editor/server/stopForge.ts';
import { buildOn, readSettings } from './editor/settings.ts';
import { GenerateTasks } from './editor/tasks/provider.ts';
import { TestedImages } from './editor/tests/testedImages.ts';
import { ImageTests } from './editor/tests/imageTests.ts';
import { TicketExchange } from './editor/windows/ticketExchange.ts';
import { WindowLease } from './editor/windows/windowLease.ts';
import { PushMemoryFile } from './generate/pushMemory.ts';
import { DeploymentStore } from './tickets/deployment.ts';
import { DeploymentService } from './tickets/deploymentService.ts';
import { deployments as deploymentKind } from './tickets/fetchDeployment.ts';
import { publications as publicationKind } from './tickets/fetchPublication.ts';
import { Poller, TicketPoller } from './tickets/poller.ts';
import { PublicationStore } from './tickets/publication.ts';
import { PublicationService } from './tickets/publicationService.ts';
import { TicketService } from './tickets/service.ts';
import { TicketStore } from './tickets/store.ts';
import { systemClock as clock } from './uforge/clock.ts';

/** Wires the objects together. Does no I/O and waits for nothing: a window never waits for a network. */
export function activate(context: vscode.ExtensionContext): ApplianceForgeApi {
  const log = vscode.window.createOutputChannel('Appliance Forge', { log: true });
  const errors = new ErrorReporter(log);
  const credentials = new CredentialStore(context.secrets);
  const forge = new LocalForge(context);
  const trust = new RememberedTexts(context.globalState, 'certificates');
  const health = new ServerHealth(clock);
  const servers = new Servers(forge, credentials, trust, health, clock);
  const clients = servers.client.bind(servers);
  const label = servers.label.bind(servers);

  const kept = context.globalState;
  const unsaved = (error: unknown): void => errors.note('Saving the tickets', error);
  const store = new TicketStore(new TicketMemento(kept, 'tickets'), unsaved);
  const service = new TicketService({ store, clients, clock });
  const publications = new PublicationStore(new TicketMemento(kept, 'publications'), unsaved);
  const publishing = new PublicationService({ store: publications, clients, clock });
  const deployments = new DeploymentStore(new TicketMemento(kept, 'deployments'), unsaved);
  const deploying = new DeploymentService({ store: deployments, clients, clock });
  const me = randomUUID();
  const windows = join(context.globalStorageUri.fsPath, 'windows');
  const note = (error: unknown): void => errors.note('Speaking with the other windows', error);
  const lease = new WindowLease(join(windows, 'leases'), me, clock, note);
  const exchanges = [
    new TicketExchange(store, join(windows, 'tickets'), me, clock, note),
    new TicketExchange(publications, join(windows, 'publications'), me, clock, note),
    new TicketExchange(deployments, join(windows, 'deployments'), me, clock, note),
  ];
  // Once the window is up: activation touches no disk.
  const listening = clock.schedule(1000, () => {
    for (const exchange of exchanges) void exchange.listen();
  });
  const polling = { clients, clock, interval: () => readSettings().poll, lease };
  const pollers = [
    new TicketPoller({ ...polling, store }),
    new Poller({ ...polling, kind: publicationKind, store: publications }),
    new Poller({ ...polling, kind: deploymentKind, store: deployments }),
  ];

  const arrangement = new Arrangement(context.workspaceState, label);
  const revisions = new Revisions(clients, service, store);
  const tested = new TestedImages(store, new RememberedTexts(kept, 'tested'));
  const tree = new ImagesTree({
    ...{ store, publications, deployments, clock, arrangement, revisions, tested },
    serverLabel: label,
  });
  const logs = new LogDocuments(store, servers, clock);
  const knowledge = new Knowledge(servers, clock, errors);
  const checks = new DefinitionChecks(() => knowledge.current);
  const diagnostics = new DefinitionDiagnostics(checks, clock);
  const downloaded = new RememberedTexts(context.globalState, 'downloads');
  const downloads = new Downloads(store, servers, downloaded, clock);
  const files = new ImageFiles(
    store,
    async (ticket, folder) => (await downloads.fetch(ticket, folder))?.path,
  );
  const view = new ImagesView(tree, store, publications, arrangement, new ImageDrag());
  const packages = new PackageDocuments(store, servers);
  const pages = new TicketPages({
    ...{ store, publications, publishing, servers, clock, tested },
    extensionUri: context.extensionUri,
  });
  const memory = new PushMemoryFile(join(forge.dataDir, 'pushed.json'));
  const links = new LinkHandler({ store, service, servers, errors });
  const refreshing = new RefreshImages({
    ...{ store, servers, health, pollers, view, errors },
    services: [service, publishing, deploying],
  });
  const picked = new RememberedTexts(context.globalState, 'applianceOfDefinition');
  const generator = new Generator({
    ...{ clients, service, memory, clock },
    ...{ servers, store, view, picked, diagnostics },
  });

  const last = new RememberedTexts(kept, 'publications.last');
  const publisher = new Publisher({
    ...{ store, publications, publishing, deploying, servers, generator, view, last, errors },
  });
  const published = { store: publications, service: publishing };
  const publicationCommands = () => import('./editor/publications/publicationCommands.ts');
  const deploymentCommands = () => import('./editor/publications/deploymentCommands.ts');
  const deployed = { store: deployments, service: deploying };
  const cloudAccounts = new CloudAccountsView({ servers, errors });

  const rowsOf = async (args: readonly unknown[]): Promise<readonly unknown[]> =>
    args[0] === 'selected' ? view.rowsOfShortcut() : args;

  const appliancesView = new AppliancesView({ servers, revisions, memory, clock, errors });
  const signingIn = { credentials, trust, clock, errors };
  const appliances = { servers, memory, picked, diagnostics, clock, view: appliancesView };
  const comparisons = new Comparisons();
  const serverStatus = new ServerStatusBar();

  const { workspaceState: state, extensionUri } = context;
  const machines = new MachinesOnDemand({ extensionUri, state, store, servers, downloads, clock, errors });

  const agentMachines = new AgentMachines((machine) => machines.adopt(machine));
  const agents = windowHost({
    ...{ servers, service, store, publications, publishing, memory, clock },
    machines: agentMachines,
  });
  const tests = new ImageTests({ store, downloads, tested, clock, errors });

  const commands = new CommandRegistry(errors);
  commands.register({
    generate: (uri, targetFormat) => generator.generate(uri, targetFormat),
    generateAll: (uri, selection) => generator.generateAll(uri, selection),
    generateAgain: (ticket, from) => generator.generateAgain(ticket, from),
    simulate: (uri, targetFormat) => generator.simulate(uri, targetFormat),
    checkOnServer: (uri) => checkOnServer(uri, { checks, diagnostics, knowledge, servers }),
    moveToDebian: (uri) => moveToDebian(uri, { diagnostics, knowledge }),
    openForm: (uri) => openForm(uri),
    openText: (uri) => openText(uri),
    newImageRequest: async (folder) =>
      (await import('./editor/wizard/newImageRequest.ts')).newImageRequest(folder, { knowledge }),
    newApplianceTemplate: async (folder) =>
      (await import('./editor/wizard/newApplianceTemplate.ts')).newApplianceTemplate(folder, {
        knowledge,
        clock,
        errors,
      }),
    regenerate: (ticket) => regenerate(ticket, store, service),
    cancel: (...args) => cancelImages(args, store, service),
    download: (...args) => downloads.downloadAll(args),
    delete: async (...args) => {
      const rows = await rowsOf(args);
      if (isRow(rows[0], 'publication'))
        await (await publicationCommands()).deletePublications(rows, published);
      else if (isRow(rows[0], 'deployment'))
        await (await deploymentCommands()).terminateDeployments(rows, deployed);
      else await deleteImages(rows, store, service, publications);
    },
    explainNoDownload: (ticket) => explainNoDownload(ticket, store, servers),
    publishImage: (argument) => publisher.publish(argument),
    generateAndPublish: (uri, targetFormat) => publisher.generateAndPublish(uri, targetFormat),
    publishAgain: (...args) => publisher.again(args),
    cancelPublication: async (...args) => (await publicationCommands()).cancelPublications(args, published),
    deletePublication: async (...args) => (await publicationCommands()).deletePublications(args, published),
    copyCloudId: async (...args) => (await publicationCommands()).copyCloudId(args, published),
    openPublication: async (...args) => (await publicationCommands()).openPublication(args, published),
    deploy: (...args) => publisher.deploy(args),
    connectDeployment: async (...args) => (await deploymentCommands()).connectWithSsh(args, deployed),
    terminate: async (...args) => (await deploymentCommands()).terminateDeployments(args, deployed),
    addCloudAccount: (server) => cloudAccounts.add(server),
    editCloudAccount: (account) => cloudAccounts.edit(account),
    deleteCloudAccount: (account) => cloudAccounts.delete(account),
    testCloudAccount: (account) => cloudAccounts.test(account),
    refreshCloudAccounts: () => cloudAccounts.refresh(),
    copyLink: (...args) => downloads.copyLinks(args),
    showTicket: async (...args) => pages.show(imageRow((await rowsOf(args))[0])),
    showPackages: (ticket) => packages.show(ticket),
    comparePackages: (...args) => packages.compare(args),
    exportSbom: (...args) => exportSbom(args, store, servers, clock),
    refreshAppliances: () => appliancesView.refresh(),
    pushAppliance: (template) => pushAppliance(template, appliances),
    compareAppliance: async (template) =>
      (await import('./editor/appliances/compareAppliance.ts')).compareAppliance(
        template,
        appliances,
        comparisons,
      ),
    pullAppliance: (appliance, folder) => pullAppliance(appliance, folder, appliances),
    groupImages: (grouping) => groupImages(grouping, arrangement),
    filterImages: (words) => filterImages(words, arrangement),
    clearFilter: () => filterImages('', arrangement),
    showLog: async (...args) => logs.show(imageRow((await rowsOf(args))[0])),
    followLog: () => logs.follow(true),
    leaveLog: () => logs.follow(false),
    copyTicketLink: async (...args) => links.copy(imageRow((await rowsOf(args))[0])),
    copySample: async (given) => (await import('./editor/wizard/copySample.ts')).copySample(given, context),
    openWalkthrough: () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#start`),
    openDefinition: (ticket) => openDefinition(ticket, store),
    refresh: () => refreshing.all(),
    showImages: (ticket) => view.show(ticket),
    showOutput: () => log.show(),
    signIn: (given) => signIn(given, signingIn),
    signOut: (server) => signOut(server, servers, credentials),
    selectServer: () => selectServer({ servers, credentials, trust, health }),
    retry: (server) => refreshing.retry(server),
    useLocalForge: () => buildOn(''),
    stopForge: () => stopForge(store, forge),
    testImage: (ticket) => tests.testImage(ticket),
    ...machines.commands,
  });

  const telling = {
    ...{ storage: context.globalStorageUri, clock, errors },
    isLooking: () => view.visible && vscode.window.state.focused,
  };
  context.subscriptions.push(
    log,
    servers,
    commands,
    machines,
    tests,
    tested,
    tested.onDidChange(() => tree.refresh()),
    downloads,
    arrangement,
    revisions,
    revisions.onDidChange(() => tree.refresh()),
    tree,
    view,
    files,
    packages,
    pages,
    appliancesView,
    comparisons,
    logs,
    diagnostics,
    knowledge,
    knowledge.onDidChange(() => diagnostics.checkAll()),
    new DefinitionQuickFixes(checks),
    new LanguageFeatures(knowledge),
    new OutlineFeatures(),
    new TagFeatures(),
    new RequestFormatting(),
    new ServerAnswers(servers),
    new RequestFormEditor({ extensionUri: context.extensionUri, checks, knowledge, errors }),
    new ActiveDefinition(),
    new ImagesStatusBar(store, publications),
    publisher,
    cloudAccounts,
    new LanguageModelTools(agents),
    new GenerateTasks(agents),
    links,
    refreshing,
    new McpServerOffer({ extension: context, servers, forgeFolder: forge.dataDir }),
    new Notifications({ ...telling, store, describe: notificationOf }),
    new Notifications({ ...telling, store: publications, describe: publicationNotification }),
    new Notifications({ ...telling, store: deployments, describe: deploymentNotification }),
    new OfflineMessage({
      ...{ health, store, view, clock, label, errors },
      states: pollers.map(({ onDidChangeServer }) => onDidChangeServer),
    }),
    new RefusedLogins(health, servers),
    new Accounts(credentials, servers, (server) => signIn({ server }, signingIn)),
    serverStatus,
    new ServerInCharge({
      ...{ servers, view, errors },
      shownBy: [view, appliancesView, serverStatus].map((each) => each.showServer.bind(each)),
    }),
    // Somebody has signed in, or another server is in charge: what was refused may be let in now.
    servers.onDidChange(() => pollers.forEach((poller) => poller.wake())),
    ...[...pollers, lease, ...exchanges, listening, store, publications, deployments].map(
      (each) => new vscode.Disposable(() => each[Symbol.dispose]()),
    ),
  );
  void tellEndedWithWindow(state);
  return createApi(agents, forge.dataDir);
}
