import { keychainWords } from '../../../shell/profile/keychain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { AdminError } from '../admin-error.tsx';
import { AdminFrame } from '../admin-frame.tsx';
import { FactCard, Figures } from '../facts.tsx';
import { useDeviceFacts } from '../use-device.ts';
import { Licences } from './licences.tsx';

/** What this app is, what it talks to, and what its installation has decided. */
export function AboutPage() {
  const { t, fmt } = useI18n();
  const { facts, keys, error } = useDeviceFacts();
  return (
    <AdminFrame part="about">
      <Figures label={t('admin.about')} testId="about">
        {facts && keys ? (
          <>
            <FactCard
              title={t('about.app')}
              facts={[
                [t('about.version'), facts.appVersion, 'about-version'],
                [t('about.channel'), t(`devices.channel.${facts.updateChannel}`), 'about-channel'],
                [t('about.protocol'), fmt.number(facts.protocol)],
                [t('about.server'), facts.serverUrl],
                [t('about.auth'), facts.authUrl],
              ]}
            />
            <FactCard
              title={t('about.device')}
              facts={[
                [t('devices.name'), facts.deviceName, 'about-device'],
                [t('about.kind'), t(`devices.kind.${facts.deviceKind}`)],
                [t('about.deviceId'), facts.deviceId],
              ]}
            />
            <FactCard
              title={t('about.policy')}
              facts={[
                [t('about.keychain'), keychainWords(t, keys.keychain), 'about-keychain'],
                [t('about.pin'), t(keys.hasPin ? 'about.pinYes' : 'about.pinNo')],
                [
                  t('about.recovery'),
                  t(facts.hasRecoveryKey ? 'about.recoveryYes' : 'about.recoveryNo'),
                ],
              ]}
            />
          </>
        ) : (
          <section className="g-card" aria-label={t('about.app')}>
            <h2>{t('about.app')}</h2>
            {error ? <AdminError error={error} /> : <Loading lines={4} />}
          </section>
        )}
        <Licences />
      </Figures>
    </AdminFrame>
  );
}
