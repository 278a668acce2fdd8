import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** The way from a page to the one that it is a part of. It stands first in the header of the page. */
export function BackTo(props: {
  to: '/inventory' | '/inventory/transfers' | '/orders' | '/patients';
  children: ReactNode;
}) {
  return (
    <Button
      component={Link}
      to={props.to}
      variant="default"
      leftSection={<IconArrowLeft size={18} stroke={1.5} />}
      data-testid="back-to"
    >
      {props.children}
    </Button>
  );
}
