// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { NotNeoBoard, readNeoBoard } from './nwb';

// In the shape of the "QuickStart Pack" that NeoBoard comes with.
const file = {
  version: 'net.nordeck.whiteboard@v1',
  whiteboard: {
    slides: [
      {
        elements: [
          {
            fillColor: '#03a9f4',
            height: 120,
            position: { x: 40, y: 40 },
            type: 'shape',
            kind: 'rectangle',
            width: 1840,
            text: 'Willkommen',
            id: 'shape-1',
          },
          {
            fillColor: 'transparent',
            height: 100,
            position: { x: 40, y: 280 },
            type: 'shape',
            kind: 'triangle',
            width: 100,
            text: '',
            id: 'shape-2',
          },
          {
            position: { x: 640, y: 40 },
            type: 'path',
            kind: 'line',
            strokeColor: '#9e9e9e',
            points: [
              { x: 0, y: 1000 },
              { x: 0, y: 0 },
            ],
            endMarker: 'arrow-head-line',
            connectedElementStart: 'shape-1',
          },
          {
            position: { x: 5, y: 5 },
            type: 'path',
            kind: 'polyline',
            strokeColor: 'javascript:alert(1)',
            points: [
              { x: 0, y: 0 },
              { x: 3, y: 4 },
              { x: 'no', y: 4 },
            ],
          },
        ],
        lock: {},
      },
      {
        elements: [
          {
            type: 'image',
            mxc: 'mxc://a.example/1',
            fileName: 'a.png',
            position: { x: 50, y: 100 },
            width: 100,
            height: 200,
          },
          { type: 'image', mxc: 'mxc://a.example/missing', position: { x: 0, y: 0 } },
          { type: 'video', position: { x: 0, y: 0 } },
          'nonsense',
        ],
      },
    ],
    files: [
      { mxc: 'mxc://a.example/1', data: 'iVBORw0KGgoAAAA=' },
      { mxc: 'mxc://a.example/2', data: 'PHN2Zz48c2NyaXB0Pg==' },
    ],
  },
};

describe('a file of NeoBoard', () => {
  const { skeletons, pictures } = readNeoBoard(JSON.stringify(file));
  const find = (type: string) => skeletons.filter((skeleton) => skeleton.type === type);

  it('becomes a frame for each slide, in order and beside each other', () => {
    expect(find('frame')).toMatchObject([
      {
        id: 'nwb0-frame',
        x: 0,
        y: 0,
        width: 1920,
        children: ['nwb0-0', 'nwb0-1', 'nwb0-2', 'nwb0-3'],
        customData: { slide: 0 },
      },
      { id: 'nwb1-frame', x: 2080, y: 0, customData: { slide: 1 } },
    ]);
  });

  it('keeps shapes with their text and colours', () => {
    expect(find('rectangle')).toMatchObject([
      {
        x: 40,
        y: 40,
        width: 1840,
        backgroundColor: '#03a9f4',
        frameId: 'nwb0-frame',
        label: { text: 'Willkommen' },
      },
    ]);
    expect(find('diamond')[0]).not.toHaveProperty('label');
  });

  it('keeps lines, with heads and with what they are tied to', () => {
    expect(find('arrow')).toMatchObject([
      {
        x: 640,
        y: 1040,
        points: [
          [0, 0],
          [0, -1000],
        ],
        startArrowhead: null,
        endArrowhead: 'arrow',
        start: { id: 'nwb0-0' },
      },
    ]);
    expect(find('freedraw')).toMatchObject([
      {
        strokeColor: '#1e1e1e',
        points: [
          [0, 0],
          [3, 4],
        ],
      },
    ]);
  });

  it('takes pictures that are in it, and no other content', () => {
    expect(find('image')).toMatchObject([{ x: 2130, y: 100, fileId: 'nwb0' }]);
    expect(pictures).toEqual([{ id: 'nwb0', dataURL: 'data:image/png;base64,iVBORw0KGgoAAAA=' }]);
  });

  it('leaves frames of the endless canvas where they are', () => {
    const endless = {
      version: 'net.nordeck.whiteboard@v2',
      whiteboard: {
        slides: [
          {
            elements: [
              { id: 'f', type: 'frame', position: { x: 100, y: 50 }, width: 1920, height: 1080 },
              {
                type: 'shape',
                kind: 'circle',
                position: { x: 120, y: 60 },
                width: 10,
                height: 10,
                attachedFrame: 'f',
              },
            ],
          },
        ],
      },
    };
    expect(readNeoBoard(JSON.stringify(endless)).skeletons).toMatchObject([
      { type: 'frame', id: 'nwb0-0', x: 100, y: 50, children: ['nwb0-1'] },
      { type: 'ellipse', frameId: 'nwb0-0' },
    ]);
  });

  it.each([
    '',
    '{}',
    '[]',
    '{"version":"net.nordeck.whiteboard@v1"}',
    '{"version":"x","whiteboard":{}}',
  ])('is not %j', (text) => {
    expect(() => readNeoBoard(text)).toThrow(NotNeoBoard);
  });
});
