/**
 * Help of the app: one page a module, read on the screen without a network. Short, and about doing;
 * `docs/` tells the same at length. `{key:receive}` becomes the key of that action and
 * `{word:stock.par}` the word of the screen, so that no page names what is called or done otherwise.
 */
export interface HelpPage {
  readonly title: string;
  /** One sentence what the module is for. */
  readonly lead: string;
  readonly parts: readonly HelpPart[];
}

export interface HelpPart {
  readonly title: string;
  readonly text: readonly string[];
}

/** In the order in which they are listed. */
export const HELP_EN = {
  start: {
    title: 'Getting around',
    lead: 'Everything can be done with the mouse and with the keyboard, with and without a network.',
    parts: [
      {
        title: 'Find anything',
        text: [
          '{key:palette} opens search and commands. Type a name, a number or what you want to do; Enter takes the first answer. What you chose lately stands first.',
          'The modules that your role opens stand at the left. Alt and their number go there.',
        ],
      },
      {
        title: 'Keys',
        text: [
          '{key:keys} shows every key; those of the page that you are on come first. {key:help} opens the help of the page.',
        ],
      },
      {
        title: 'Several windows',
        text: [
          '{key:window} opens another window. Each remembers where you were and what you left half filled, also after the app was closed or the power went.',
          '{key:link} copies a link to what the window shows. Whoever opens it signs in first and sees what they may see. The link holds no names.',
        ],
      },
      {
        title: 'When you come back',
        text: [
          'After some hours away a line under the top bar says what waits for you and what colleagues did. {key:away} shows it again.',
        ],
      },
      {
        title: 'Sharing a computer',
        text: [
          '{key:profile-lock} locks your data with your PIN, {key:sign-out} signs you out so that somebody else can sign in. Nobody sees what the other one did here; each has their own encrypted data.',
        ],
      },
    ],
  },
  inventory: {
    title: 'Inventory',
    lead: 'What each of your sites has, what came in and what was used.',
    parts: [
      {
        title: 'In an emergency',
        text: [
          '{key:emergency} opens the emergency card from anywhere, also without a network. Type the product, its CAS number or the hazard: first aid is shown at once. {key:missing-sheets} lists hazardous items whose sheet is not complete.',
        ],
      },
      {
        title: 'The catalogue',
        text: [
          '{key:new-item} makes an item, {key:import-items} reads many from a file: you see what would happen before anything is written. {key:levels} opens par, minimum, maximum and bin of a site as a sheet to type in.',
          'In the tab {word:catalog.tab} whoever may change items sets SKU, kind, policies, schedule and hazard mark. Where a lot or a date must be given from now on, the stock that lacks it is listed first.',
          '{key:duplicates} lists items that may be one. Choose whose values stay, and merge: stock, history and codes of the other are found there from then on. {word:duplicates.separate} takes it back. Two that only look alike: “{word:duplicates.differ}”, and nobody is asked again.',
        ],
      },
      {
        title: 'Find an item',
        text: [
          'Type to search the list, or scan a code on any page. Enter opens the item beside the list; Esc closes it.',
          '“{word:stock.belowPar}” says where to reorder. A date that comes soon is marked.',
        ],
      },
      {
        title: 'Receive stock',
        text: [
          '{key:receive} begins a receipt. Enter goes to the next field and adds the line at the end; {key:receive.finish} receives all lines at once.',
          'A receipt cannot be edited later, since it happened: a mistake is corrected by a new record.',
        ],
      },
      {
        title: 'Use, waste, send',
        text: [
          '{key:issue} uses stock, {key:waste} records waste; {key:take.finish} finishes. The lot that expires first is proposed; for another one you say why.',
          '{key:transfers} shows what is on its way between sites. The sending site ships, the receiving one says what came.',
          'A movement is taken back from {word:detail.history}, once. Nothing is deleted.',
        ],
      },
      {
        title: 'Open vials',
        text: [
          '{key:vials} lists what stands open, each with what is left and its clock. {word:vials.open} takes one off the shelf; {word:vials.draw} takes from the one that is over first.',
          '{word:vials.discard} asks why. What is controlled is thrown away in front of somebody who types their own PIN at this device.',
          'Clinical staff can say for which patient something is used. Everybody else sees only that it was for one.',
        ],
      },
      {
        title: 'Samples',
        text: [
          '{key:samples} is the closet of samples: what came, what was given to whom, with the signature of the prescriber. Once a month it is counted against its log and signed.',
        ],
      },
      {
        title: 'What needs somebody',
        text: [
          '{key:alerts} lists what is low, expires, has expired or is below zero, and leads to what settles it. {key:expiry} shows what expires where, and where it would be used first.',
          '{key:lots} finds a lot by its number or serial number, and lists the lots whose transaction document is missing.',
          'The number of a lot opens where it is and was, for a recall.',
        ],
      },
      {
        title: 'Scan',
        text: [
          'A scanner works on every page, wherever the cursor is. Where a code can mean two things you are asked; nothing is guessed.',
          'A code that no item has goes to {word:unmatched.title} ({key:unmatched}). Link it once, and from then on it means the item.',
        ],
      },
      {
        title: 'Par, bin and files',
        text: [
          '{word:stock.par} and {word:stock.bin} are edited in place and save themselves. For ten seconds you can undo.',
          'Photos and PDF are attached to an item under {word:detail.files}; they are sent by themselves.',
        ],
      },
    ],
  },
  counts: {
    title: 'Counts',
    lead: 'A count sets on-hand right where the shelf and the books differ.',
    parts: [
      {
        title: 'Count',
        text: [
          '{key:count} starts a count. Enter what you see line by line, or scan: the same item again is one more.',
          'The books are not shown while you count, so that you say what is there.',
        ],
      },
      {
        title: 'Finish',
        text: [
          'A count that is close to the books is posted by itself. With larger differences somebody who did not count approves it in {word:nav.review}.',
          'What moves while you count or afterwards is added to it; nothing has to stand still.',
        ],
      },
    ],
  },
  orders: {
    title: 'Orders',
    lead: 'What is bought: made, approved, ordered, received.',
    parts: [
      {
        title: 'Make an order',
        text: [
          '{key:order} makes an order; {key:reorder} lists what falls short, with how the quantity was reckoned, and makes orders of it.',
          '{key:vendors} shows whom you buy from, what, at what price, and what is on its way.',
          'It works without a network. Who approves is somebody else than who made it.',
        ],
      },
      {
        title: 'When it arrives',
        text: [
          'Receive at the order, as often as parts of it come. What arrives becomes stock at once, with its lots.',
        ],
      },
      {
        title: 'Send it to the vendor',
        text: [
          'A placed order has “{word:orders.summary}”: send it by e-mail or to Slack, copy it, or print it. Without a network it waits on this device and goes out once. The order says when it was sent, or why not.',
          'Where it says that a message was perhaps sent, ask the vendor before you send it again.',
        ],
      },
    ],
  },
  review: {
    title: 'Review',
    lead: 'Questions that need a person: two people changed the same field, a count differs, a change was not accepted.',
    parts: [
      {
        title: 'Decide',
        text: [
          'Each value says who entered it, when and where. Choose one by its number and press {key:review.confirm}; the next question is there at once.',
          'You see first what you decide yourself. What others decide stands under {word:review.showAll}.',
        ],
      },
      {
        title: 'Undo',
        text: [
          '{key:review.undo} takes your last decision back, for 24 hours and as long as nobody has changed the value since.',
        ],
      },
      {
        title: 'Changes that were not accepted',
        text: [
          'They are kept on this device with the reason. Edit again, send again, or discard; what you discard can be taken back for ten seconds.',
        ],
      },
    ],
  },
  administration: {
    title: 'Administration',
    lead: 'People and their rights, machines, settings, the audit, and how all of it is.',
    parts: [
      {
        title: 'What needs the server',
        text: [
          'People, machines and settings are shown without a network too, from this device. Changes are made on the server at once or not at all; nothing of them is queued.',
        ],
      },
      {
        title: 'What leaves the house',
        text: [
          '{key:admin-outbox} shows who sends for us and how they are, and what could not be sent. “{word:outbox.again}” tries again. Where it may have arrived already, ask the other side first; then “{word:outbox.arrived}” notes it as sent.',
          'A server for trying things out sends nothing; it shows what it would have sent.',
          'Card payments whose end nobody knows yet stand there too. They are looked up by themselves; never take the same money again before they are over. “{word:payments.compare}” shows where the books differ.',
        ],
      },
      {
        title: 'Somebody new',
        text: [
          '{key:admin-people}, “{word:people.invite}”: name and the address with which they sign in with Google. Then “{word:people.give}”: site, role, first and last day. They are active once they have signed in.',
          'You see the roles that you may give. A role that needs a second person is proposed, and counts once somebody else has given it. Nobody gives themselves anything.',
        ],
      },
      {
        title: 'Somebody goes, for a while or for good',
        text: [
          '“{word:people.suspend}” shuts out and keeps everything. “{word:people.leave}” ends all roles and sessions; their profile is removed from every device at its next contact. “{word:people.end}” beside a role ends that one.',
        ],
      },
      {
        title: 'A device is lost or stolen',
        text: [
          'Open {key:admin-devices}, choose the device, “{word:devices.lost}”. The server refuses it from then on. At its next contact it hands over what waits, for a decision in the review, and removes every profile; the list shows when it has.',
          'As long as it stays offline, its data lie there encrypted.',
        ],
      },
      {
        title: 'A setting that holds from a day on',
        text: [
          '{key:admin-sites} shows what holds, since when and what comes. A change is a new value with its first day; the one before stays readable.',
        ],
      },
      {
        title: 'When something is wrong with the system',
        text: [
          '{key:admin-health} lists what fires now and who was told. “{word:monitor.takeUp}” tells the others that somebody is at it; “{word:monitor.silence.do}” keeps it quiet for a while. What to do for each alert stands in the operations manual.',
        ],
      },
      {
        title: 'Who did what',
        text: [
          '{key:admin-audit} lists the audit by person, device, table, action, days and patient. “{word:audit.check}” has the chains reckoned again. An export is noted before the file is saved.',
          'Reads stand beside writes: each device notes which patients were opened, listed, exported or printed on it, also offline, and hands it over when it has a network. “{word:audit.readsOpen}” says how far each has come.',
        ],
      },
    ],
  },
  sync: {
    title: 'State of your data',
    lead: 'What you enter is saved on this device at once. The mark at the top says where it stands.',
    parts: [
      {
        title: 'The eight states',
        text: [
          '{word:sync.synced}: everything is on the server. {word:sync.savedHere}: about to be sent. Changes wait: sent at the next try. {word:sync.syncing}: on its way.',
          'Offline: the server cannot be reached; the mark says how old the data is. Needs you: the server did not take something. {word:sync.paused}: sign in again or update. Failed: tell IT the code.',
        ],
      },
      {
        title: 'What waits',
        text: [
          '{key:sync-page} lists every change that waits, since when, and what needs you. {key:sync} tries at once; it also happens by itself.',
        ],
      },
      {
        title: 'Without a network',
        text: [
          'You can keep working, for days if need be. When the network is back everything is sent, in the order in which you did it.',
        ],
      },
      {
        title: 'Outside of the window',
        text: [
          'A mark beside the clock says the state as well, and the icon of the app carries the number of changes that need you. Notifications are silent, come only when something needs you or the first sync is done, and name nobody; {key:notifications} turns them off.',
        ],
      },
    ],
  },
  patients: {
    title: 'Patients',
    lead: 'Find a patient, see what happened with them, and who comes today.',
    parts: [
      {
        title: 'Find somebody',
        text: [
          'Type beginnings of names in any order, a birth date as you write it, digits of a phone or of the record number. {key:patients.search} goes to the field, Enter opens the first one.',
          'Only patients who come these days are on this device; the page says how many days.',
        ],
      },
      {
        title: 'One patient',
        text: [
          'One timeline shows visits, payments, handouts, authorizations and consents. Language and note save themselves; everything else belongs to the EHR: use {word:patientProposal.open}.',
        ],
      },
      {
        title: 'Visits and walk-ins',
        text: [
          'Choose a visit and press {key:visit.arrived} when they have come. {key:walk-in} adds somebody without an appointment and shows who may be the same person first.',
        ],
      },
      {
        title: 'Import',
        text: [
          '{key:import-patients} takes a FHIR bundle or a table. You see what is new, known, to choose and wrong before anything is written; what is left out can be saved and put right.',
        ],
      },
    ],
  },
  data: {
    title: 'Data on this device',
    lead: 'Your data is encrypted on this device. The key makes it readable for you alone.',
    parts: [
      {
        title: 'PIN and lock',
        text: [
          'With a PIN ({key:profile-keys}) you lock your data by {key:profile-lock} and open it again without a network.',
          'After several wrong PINs only IT can open it, with the recovery copy.',
        ],
      },
      {
        title: 'Second factor',
        text: [
          'With a second factor ({key:profile-factor}) a code from your phone is asked for when you sign in. Your PIN opens this device without it.',
          'A new phone, or no code? An administrator resets it, and you set up a new one when you sign in.',
        ],
      },
      {
        title: 'Backup',
        text: [
          '{key:profile-backup} writes an encrypted copy to where you choose; {key:profile-restore} takes it back. Write the passphrase down: without it nobody can read the copy.',
        ],
      },
      {
        title: 'Leaving a computer for good',
        text: [
          '{key:profile-wipe} removes your data from this device. What was not sent yet goes with it, and you are told before.',
        ],
      },
    ],
  },
} as const satisfies Readonly<Record<string, HelpPage>>;

export type HelpName = keyof typeof HELP_EN;
