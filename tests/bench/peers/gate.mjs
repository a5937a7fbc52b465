// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// Copied beside the installed packages: an import made here finds them, as an application's own import would.

export const load = (name) => import(name);
