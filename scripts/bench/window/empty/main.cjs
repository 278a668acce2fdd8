// The bare resource beside our app: one window with a field, sandboxed as ours are, and a process that
// sends back what it gets over a MessagePort.
const path = require('node:path');
const { app, BrowserWindow, ipcMain, MessageChannelMain, utilityProcess } = require('electron');

app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    show: false,
    webPreferences: {
      preload: path.join(__dirname, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadFile(path.join(__dirname, 'index.html'));
  ipcMain.handle('echo', (event) => {
    const child = utilityProcess.fork(path.join(__dirname, 'echo.cjs'));
    const { port1, port2 } = new MessageChannelMain();
    child.postMessage(null, [port1]);
    event.sender.postMessage('port', null, [port2]);
  });
});
app.on('window-all-closed', () => app.quit());
