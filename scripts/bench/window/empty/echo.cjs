process.parentPort.once('message', ({ ports: [port] }) => {
  // As many bytes as are asked for, or the same again.
  let answers = '';
  port.on('message', ({ data }) => {
    if (data.fill !== undefined) answers = 'x'.repeat(data.fill);
    port.postMessage({ id: data.id, json: answers });
  });
  port.start();
});
