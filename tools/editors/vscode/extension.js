// Starts `provlab lsp` for XML files. The server itself knows which of them are scenarios.
'use strict';
const { workspace } = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

exports.activate = async () => {
  const [command, ...args] = workspace.getConfiguration('provlab').get('command');
  client = new LanguageClient('provlab', 'provlab', { command, args: [...args, 'lsp'] },
    { documentSelector: [{ language: 'xml' }] });
  await client.start();
};

exports.deactivate = () => client?.stop();
